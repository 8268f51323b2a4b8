import { chmodSync, closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf } from "./run.ts";

const makeStore = async (): Promise<string> => {
  const cwd = temporaryFolder();
  const input = Array.from({ length: 500 }, (_, n) =>
    JSON.stringify({
      component: "Document",
      id: `n${n}`,
      type: "section",
      content: { text: "x".repeat(500) },
    }),
  ).join("\n");
  await contextbase(["import", "-"], { cwd, input });
  return cwd;
};

const examine = async (cwd: string, env: Record<string, string> = {}) => {
  const { code, stdout } = await contextbase(["doctor", "--json"], { cwd, env });
  return { code, findings: new Map(linesOf(stdout).map((finding) => [finding.check, finding])) };
};

describe("doctor", () => {
  it("finds nothing wrong with a store that was just made", async () => {
    const { code, findings } = await examine(await makeStore());
    expect(code).toBe(0);
    expect([...findings.keys()]).toEqual(
      "node configuration key disk store encryption layout journal integrity indexes clock".split(" "),
    );
    expect([...findings.values()].filter(({ status }) => status === "fail")).toEqual([]);
    expect(findings.get("encryption")).toMatchObject({ status: "ok" });
  });

  it("fails, with the mend, where others can read the key, where it is lost, and where a page is damaged", async () => {
    const cwd = await makeStore();
    const key = join(cwd, "data", "contexts.key");
    const store = join(cwd, "data", "contexts.db");

    chmodSync(key, 0o644);
    const open = await examine(cwd);
    expect(open.code).toBe(1);
    expect(open.findings.get("key")).toMatchObject({
      status: "fail",
      mend: `Others can read it: chmod 600 ${key}`,
    });
    chmodSync(key, 0o600);

    const file = openSync(store, "r+");
    writeSync(file, Buffer.alloc(4_096, 1), 0, 4_096, Math.floor(statSync(store).size / 8_192 / 2) * 8_192);
    closeSync(file);
    const damaged = await examine(cwd);
    expect(damaged.code).toBe(1);
    expect(damaged.findings.get("integrity")).toMatchObject({ status: "fail" });
    expect(damaged.findings.get("integrity")?.mend).toContain("backup");

    rmSync(key);
    const lost = await examine(cwd);
    expect(lost.code).toBe(1);
    expect(String(lost.findings.get("store")?.found)).toContain(`key file ${key} is missing`);
  });

  it("says what is wrong with a configuration, and warns where there is no store", async () => {
    const cwd = temporaryFolder();
    const [none, wrong] = await Promise.all([examine(cwd), examine(cwd, { CONTEXTBASE_PORT: "many" })]);
    expect(none.code).toBe(0);
    expect(none.findings.get("store")).toMatchObject({ status: "warn" });
    expect(wrong.code).toBe(1);
    expect(wrong.findings.get("configuration")).toMatchObject({ status: "fail" });
  });
});
