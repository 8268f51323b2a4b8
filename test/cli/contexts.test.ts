import { copyFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf } from "./run.ts";

const put = (id: string, text: string): string[] => [
  "put",
  "Document",
  id,
  JSON.stringify({ text }),
  "--type",
  "section",
];

describe("put, get, list and history", () => {
  it("[V1] make the first version, and with it a key that only its owner can read", async () => {
    const cwd = temporaryFolder();
    const first = await contextbase(put("a", "one"), { cwd });
    expect(first).toMatchObject({ code: 0, stdout: 'Document "a" is version 1.\n' });
    expect(first.stderr).toContain(`Made a new key (mode 0600): ${join(cwd, "data", "contexts.key")}`);
    expect(statSync(join(cwd, "data", "contexts.key")).mode & 0o777).toBe(0o600);
    const second = await contextbase(put("a", "two"), { cwd });
    expect(second).toEqual({ code: 0, stdout: 'Document "a" is version 2.\n', stderr: "" });
  });

  it("[V3] store a context that was read and given the next version, and refuse it once more", async () => {
    const cwd = temporaryFolder();
    await contextbase([...put("test_id", "one"), "--version", "1"], { cwd });
    const read = await contextbase(["get", "Document", "test_id"], { cwd });
    const input = JSON.stringify({ ...JSON.parse(read.stdout), version: 2 });
    const stored = await contextbase(["put", "Document", "--context", "--json"], { cwd, input });
    expect(JSON.parse(stored.stdout)).toMatchObject({ id: "test_id", version: 2, content: { text: "one" } });
    const again = await contextbase(["put", "Document", "--context"], { cwd, input });
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toMatch(
      /^error: Document "test_id" cannot become version 2: .*\[version_conflict\]\n$/,
    );
  });

  it("[V6] read every version, by number and by time", async () => {
    const cwd = temporaryFolder();
    await contextbase(put("a", "one"), { cwd });
    await contextbase(put("a", "two"), { cwd });
    const history = await contextbase(["history", "Document", "a", "--json"], { cwd });
    const [second, first] = linesOf(history.stdout);
    expect([second?.version, first?.version]).toEqual([2, 1]);
    const [byNumber, byTime, late] = await Promise.all([
      contextbase(["get", "Document", "a", "--version", "1", "--json"], { cwd }),
      contextbase(["get", "Document", "a", "--as-of", String(first?.at), "--json"], { cwd }),
      contextbase(["get", "Document", "a", "--version", "3"], { cwd }),
    ]);
    expect(linesOf(byNumber.stdout)).toMatchObject([{ version: 1, content: { text: "one" } }]);
    expect(byTime.stdout).toBe(byNumber.stdout);
    expect(late).toMatchObject({ code: 1, stdout: "" });
  });

  it("take the content from stdin, and make an id where none is given", async () => {
    const cwd = temporaryFolder();
    const piped = await contextbase(["put", "Document", "--type", "section", "--json"], {
      cwd,
      input: '{"text":"piped"}',
    });
    const sole = await contextbase(["put", "Document", '{"text":"sole"}', "--type", "section", "--json"], {
      cwd,
    });
    const [one] = linesOf(piped.stdout);
    const [other] = linesOf(sole.stdout);
    expect(one).toMatchObject({ content: { text: "piped" }, version: 1 });
    expect(other).toMatchObject({ content: { text: "sole" }, version: 1 });
    expect(one?.id).not.toBe(other?.id);
  });

  it("list pages newest first, say how to go on, and give all as NDJSON", async () => {
    const cwd = temporaryFolder();
    const input = Array.from({ length: 5 }, (_, n) =>
      JSON.stringify({
        component: "Document",
        id: `n${n}`,
        type: "section",
        content: { text: `\u009B31m${n}` },
      }),
    ).join("\n");
    await contextbase(["import", "-"], { cwd, input });
    const page = await contextbase(["list", "Document", "--limit", "2"], { cwd });
    expect(page.stdout.split("\n").map((line) => line.split("\t")[0])).toEqual(["n4", "n3", ""]);
    expect(page.stdout).not.toContain("\u009B");
    const cursor = /--cursor (\S+),/.exec(page.stderr)?.[1] ?? "";
    const [next, all] = await Promise.all([
      contextbase(["list", "Document", "--limit", "2", "--cursor", cursor, "--json"], { cwd }),
      contextbase(["list", "Document", "--all", "--json", "--type", "section"], { cwd }),
    ]);
    expect(linesOf(next.stdout).map(({ id }) => id)).toEqual(["n2", "n1"]);
    expect(linesOf(all.stdout).map(({ id }) => id)).toEqual(["n4", "n3", "n2", "n1", "n0"]);
    expect(linesOf(all.stdout)[4]?.content).toEqual({ text: "\u009B31m0" });
  });

  it("name the key file that is missing, and make none beside a store that exists", async () => {
    const cwd = temporaryFolder();
    await contextbase(put("a", "one"), { cwd });
    const key = join(cwd, "data", "contexts.key");
    copyFileSync(key, join(cwd, "copy.key"));
    rmSync(key);
    const [read, write, other] = await Promise.all([
      contextbase(["get", "Document", "a"], { cwd }),
      contextbase(put("a", "two"), { cwd }),
      contextbase(["get", "Document", "a", "--key-file", "copy.key"], { cwd }),
    ]);
    for (const result of [read, write]) {
      expect(result.code).toBe(1);
      expect(result.stderr).toContain(`its key file ${key} is missing`);
    }
    expect(() => statSync(key)).toThrow();
    expect(other.code).toBe(0);
  });
});
