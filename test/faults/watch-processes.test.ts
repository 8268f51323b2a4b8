import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { Anything } from "../contract/components.ts";
import { temporaryFolder } from "../contract/engines.ts";
import { hasServer, newSchema, skipped, urlOf } from "./postgres-schema.ts";

const root = join(import.meta.dirname, "..", "..");

/** The options by which the campaign works on a new schema of the server. */
const onServer = async (): Promise<readonly string[]> => {
  const url = new URL(urlOf("app"));
  url.searchParams.set("schema", await newSchema());
  return ["--url", url.href];
};

describe.for([
  ["", true, async () => []],
  [` on a server${skipped}`, hasServer, onServer],
] as const)("watchers of other processes%s", ([, runs, place]) => {
  it.runIf(runs)(
    "[C1, C3] killed and begun again, are told each change of 64 writers in 4 processes once, in order",
    async () => {
      const campaign = join(root, "scripts", "campaigns", "watch.ts");
      const order = [campaign, "--seconds", "2", ...(await place())];
      const { status, stdout, stderr } = spawnSync(process.execPath, order, { encoding: "utf8" });
      expect(status, `${stderr}${stdout}`).toBe(0);
    },
  );
});

describe("a process that watches", () => {
  /** Runs a script in a process of its own, with `base` open, on a store that holds one change. */
  const run = async (script: string) => {
    const url = `file:${join(temporaryFolder(), "store.db")}`;
    await using base = await openContextbase({ url, components: [Anything] });
    await base.store(Anything).storeContext({ id: "a", type: "t", content: {} });
    const program = `
      import { openContextbase } from ${JSON.stringify(join(root, "src", "index.ts"))};
      const base = await openContextbase({ url: ${JSON.stringify(url)}, components: [] });
      ${script}`;
    return spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      encoding: "utf8",
      timeout: 20_000,
    });
  };

  it("[C4] lives as long as it waits for a change", async () => {
    const { stdout, stderr, signal } = await run(`
      process.stdout.write("waits");
      setTimeout(() => process.kill(process.pid, "SIGINT"), 1_500).unref();
      for await (const change of base.watch()) throw new Error("a change");`);
    expect({ stdout, stderr, signal }).toEqual({ stdout: "waits", stderr: "", signal: "SIGINT" });
  });

  it.for([
    [
      "its store is closed",
      "setTimeout(() => base.close(), 300); await Array.fromAsync(base.watch()).catch(() => {});",
    ],
    ["its watch is left", "for await (const change of base.watch({ after: 0 })) break;"],
    [
      "its signal fires",
      "await Array.fromAsync(base.watch({ signal: AbortSignal.timeout(300) })).catch(() => {});",
    ],
    ["nobody asks for the next change", "await base.watch({ after: 0 })[Symbol.asyncIterator]().next();"],
  ] as const)("[C4] ends when %s", async ([, script]) => {
    const { status, stdout, stderr } = await run(`${script} process.stdout.write("done");`);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "done", stderr: "" });
  });
});
