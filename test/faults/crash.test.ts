import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { killAt, startStore, straceProblem } from "./processes.ts";

const root = join(import.meta.dirname, "..", "..");
const key = Buffer.alloc(32, 7).toString("base64");

describe("kill -9", () => {
  it("[S1, V1, V5, V6, C1, C2] loses nothing acknowledged and leaves nothing in part, in a few cycles", () => {
    const campaign = join(root, "scripts", "campaigns", "crash.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [campaign, "--cycles", "3"], {
      encoding: "utf8",
    });
    expect(status, `${stderr}${stdout}`).toBe(0);
  });

  it.for([
    ["pwrite64", 1],
    ["pwrite64", 2],
    ["pwrite64", 3],
    ["pwrite64", 15],
    ["fsync", 3],
    ["fsync", 4],
    ["unlink", 1],
    ["fsync", 6],
    ["fsync", 7],
  ] as const)(
    "[S1] in the making of a store, at %s %i, leaves what can be opened",
    async ([call, nth], { skip }) => {
      if (straceProblem) skip(straceProblem);
      const path = join(temporaryFolder(), "store.db");
      const killed = await startStore(path, key, { command: killAt(call, nth) });
      expect(killed.refused?.code).toBe("process_gone");
      const opened = await startStore(path, key);
      onTestFinished(opened.kill);
      expect(opened.refused).toBeUndefined();
      expect(await opened.call("store", { id: "c", content: { n: 1 } })).toMatchObject({ result: 1 });
    },
  );
});
