import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, finish, linesOf, start } from "./run.ts";

const contexts = 3_000;

/** A configuration whose upgrade makes `n` one more; it may be slow, and fail for one of them. */
const configuration = (folder: string, upgrades = ""): void =>
  writeFileSync(
    join(folder, "contextbase.config.ts"),
    `import { defineComponent, defineConfig } from "contextbase";

const upgrade = ({ content: { n, ...rest } }) => {
  if (String(n) === process.env.FAILS_FOR) throw new TypeError(rest.text);
  const end = performance.now() + Number(process.env.UPGRADE_MILLISECONDS ?? 0);
  while (performance.now() < end);
  return { content: { ...rest, n: n + 1 } };
};
const Note = defineComponent({ name: "Note"${upgrades} });
export default defineConfig({ components: [Note, defineComponent({ name: "Plain" })] });
`,
  );

const upgraded = ", schemaVersion: 2, upgrades: { 2: { note: upgrade } }";

const filled = async (count: number): Promise<string> => {
  const cwd = temporaryFolder();
  configuration(cwd);
  const input = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ component: "Note", id: `n${n}`, type: "note", content: { n, text: `secret ${n}` } }),
  ).join("\n");
  const { code, stderr } = await contextbase(["import", "-"], { cwd, input });
  expect(code, stderr).toBe(0);
  return cwd;
};

it("[E3] upgrade counts, asks, rewrites, rolls back and finishes", async () => {
  const cwd = await filled(3);
  const run = (...words: string[]) => contextbase(words, { cwd });
  configuration(cwd, upgraded);
  const counted = await run("upgrade", "--dry-run");
  expect([counted.code, counted.stdout]).toEqual([0, "Note\t3\t0\t3\t0\n"]);
  expect(counted.stderr).toContain("Note: 3 contexts in an older schema version");
  expect((await run("upgrade")).code).toBe(2);

  const env = { FAILS_FOR: "1" };
  const partly = await contextbase(["upgrade", "Note", "--yes"], { cwd, env });
  expect([partly.code, partly.stdout]).toEqual([1, "Note\t3\t2\t0\t1\n"]);
  expect(partly.stderr).toMatch(/Note "n1" cannot be upgraded from schema version 1 to 2.* TypeError/);
  expect(partly.stdout + partly.stderr).not.toContain("secret");
  const rest = await run("upgrade", "--yes", "--json");
  expect(linesOf(rest.stdout)).toEqual([
    { component: "Note", outdated: 1, upgraded: 1, left: 0, failed: 0, failures: [] },
  ]);
  expect(JSON.parse((await run("get", "Note", "n1")).stdout)).toMatchObject({
    version: 1,
    content: { n: 2 },
  });

  const back = await run("upgrade", "--rollback", "Note", "--yes");
  expect([back.code, back.stdout]).toEqual([0, "Note\t3\t3\t0\n"]);
  configuration(cwd);
  expect(JSON.parse((await run("get", "Note", "n1")).stdout)).toMatchObject({
    version: 1,
    content: { n: 1 },
  });
  configuration(cwd, upgraded);
  expect((await run("upgrade", "--yes")).code).toBe(0);
  const finished = await run("upgrade", "--finish", "Note", "--yes", "--json");
  expect(linesOf(finished.stdout)).toEqual([{ component: "Note", originals: 3, forgotten: 3 }]);
  expect((await run("upgrade", "--rollback", "Note")).stdout).toBe("Note\t0\t0\t0\n");
});

it("[E3] upgrade killed at any moment goes on where it ended, and upgrades nothing twice", async () => {
  const cwd = await filled(contexts);
  configuration(cwd, upgraded);
  // A page of 1,000 takes a second, so that it is killed among others.
  const slow = { cwd, env: { UPGRADE_MILLISECONDS: "1" } };
  for (const milliseconds of [900, 2_600]) {
    const running = start("bin/contextbase.js", ["upgrade", "--yes"], slow);
    const ended = finish(running);
    await sleep(milliseconds);
    running.kill("SIGKILL");
    expect((await ended).code).toBeNull();
  }
  const last = await contextbase(["upgrade", "--yes", "--json"], { cwd });
  expect(last.code, last.stderr).toBe(0);
  expect(linesOf(last.stdout)).toMatchObject([{ component: "Note", left: 0, failed: 0 }]);
  const listed = await contextbase(["list", "Note", "--json", "--all"], { cwd });
  const wrong = linesOf(listed.stdout).filter(
    ({ id, version, content }) =>
      version !== 1 || (content as { n: number }).n !== Number(String(id).slice(1)) + 1,
  );
  expect(wrong).toEqual([]);
  expect(linesOf(listed.stdout)).toHaveLength(contexts);
  const back = await contextbase(["upgrade", "--rollback", "Note", "--yes", "--json"], { cwd });
  expect(linesOf(back.stdout)).toEqual([
    { component: "Note", originals: contexts, restored: contexts, kept: [] },
  ]);
});
