import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, linesOf } from "./run.ts";

const line = (id: string): string =>
  JSON.stringify({ component: "Document", id, type: "section", content: { text: `text of ${id}` } });

it("[P1, P2, P3] move brings a store into a new one, tells each tenant, and compares", async () => {
  const cwd = temporaryFolder();
  const run = (...words: string[]) => contextbase(words, { cwd });
  const both = ["--from", "file:./data/contexts.db", "--to", "file:./new/copy.db"];
  const input = Array.from({ length: 300 }, (_, n) => line(`n${n}`)).join("\n");
  await contextbase(["import", "-"], { cwd, input });

  const moved = await run("move", ...both);
  expect(moved.code, moved.stderr).toBe(0);
  expect(moved.stdout).toMatch(/^default\t300\t300\t[0-9a-f]{64}\n$/);
  expect(moved.stderr).toContain(`Made a new key (mode 0600): ${join(cwd, "new/copy.key")}`);
  expect(moved.stderr).toContain("Changes: 300 moved, 300 verified (tenants: 1); both stores hold the same.");

  await contextbase(["import", "-"], { cwd, input: line("n300") });
  const behind = await run("move", ...both, "--verify");
  expect({ code: behind.code, stdout: behind.stdout }).toEqual({ code: 1, stdout: "" });
  expect(behind.stderr).toContain('Change 301 of tenant "default" is missing');
  const again = await run("move", ...both, "--json");
  const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(linesOf(again.stdout)).toEqual([{ tenant: "default", changes: 301, moved: 1, hash }]);
  const verified = await run("move", ...both, "--verify", "--json");
  expect(linesOf(verified.stdout)).toEqual([{ ...linesOf(again.stdout)[0], moved: 0 }]);

  const [one, other] = [await run("export"), await run("export", "--url", "file:./new/copy.db")];
  expect(other.stdout).toBe(one.stdout);
});

it("move refuses what is no way from one store to another", async () => {
  const cwd = temporaryFolder();
  const move = async (...words: string[]) => {
    const { code, stdout, stderr } = await contextbase(["move", ...words], { cwd });
    expect(stdout).toBe("");
    return `${code} ${stderr}`;
  };
  await contextbase(["import", "-"], { cwd, input: line("a") });
  const here = "file:./data/contexts.db";
  expect(await move("--from", here)).toMatch(/^2 .*--to/);
  expect(await move("--from", here, "--to", "file:data/contexts.db")).toMatch(/^2 .*same store/);
  expect(await move("--from", here, "--to", ":memory:")).toMatch(/^2 .*in memory/);
  expect(await move("--from", "file:none.db", "--to", here)).toMatch(/^1 .*no store at .*none\.db/);
  expect(await move("--from", here, "--to", "file:none.db", "--verify")).toMatch(
    /^1 .*no store at .*none\.db/,
  );
});
