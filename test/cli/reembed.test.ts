import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, finish, linesOf, start } from "./run.ts";

const contexts = 900;

/** How many of them one request to an embedder holds. */
const perRequest = 256;

/** A configuration whose embedder notes each text, and takes its time where it is told to. */
const configuration = (folder: string, model: string, dimensions: number): void =>
  writeFileSync(
    join(folder, "contextbase.config.ts"),
    `import { appendFileSync } from "node:fs";
import { defineComponent, defineConfig } from "contextbase";

const embed = async (texts: readonly string[]) => {
  appendFileSync("asked.txt", texts.map((text) => \`\${text}\\n\`).join(""));
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.EMBED_MILLISECONDS ?? 0)));
  if (process.env.EMBED_FAILS) throw new Error("no model");
  return texts.map((text) => Array.from({ length: ${dimensions} }, (_, at) => text.length + at));
};
const Note = defineComponent({ name: "Note", embeddings: { dimensions: ${dimensions}, model: "${model}", embed } });
export default defineConfig({ components: [Note, defineComponent({ name: "Plain" })] });
`,
  );

const askedOf = (folder: string): string[] => {
  const file = join(folder, "asked.txt");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
};

const filled = async (): Promise<string> => {
  const cwd = temporaryFolder();
  configuration(cwd, "old", 3);
  const input = Array.from({ length: contexts }, (_, number) =>
    JSON.stringify({
      component: "Note",
      id: `n${number}`,
      type: "note",
      content: { text: `text ${number}` },
    }),
  ).join("\n");
  const { code, stderr } = await contextbase(["import", "-"], { cwd, input });
  expect(code, stderr).toBe(0);
  writeFileSync(join(cwd, "asked.txt"), "");
  return cwd;
};

it("[Q9] reembed counts first, asks, and takes a store to another model", async () => {
  const cwd = await filled();
  const run = (...words: string[]) => contextbase(words, { cwd });
  configuration(cwd, "new", 4);
  const refused = await run("get", "Note", "n1");
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(
    /"old" \(3 dimensions\).*"new" \(4 dim.*contextbase reembed Note.*\[embedding_changed\]/,
  );

  const counted = await run("reembed", "--dry-run");
  expect(counted.code).toBe(0);
  expect(counted.stdout).toBe(`Note\t${contexts}\t${contexts}\t0\t${contexts}\n`);
  expect(counted.stderr).toContain("Note: 900 contexts of 900 for new (4)");
  const unasked = await run("reembed");
  expect([unasked.code, unasked.stdout]).toEqual([2, ""]);
  expect(askedOf(cwd)).toEqual([]);

  const done = await run("reembed", "Note", "--yes", "--json");
  expect(done.code, done.stderr).toBe(0);
  expect(linesOf(done.stdout)).toEqual([
    { component: "Note", contexts, outdated: contexts, embedded: contexts, left: 0 },
  ]);
  expect(JSON.parse((await run("get", "Note", "n1")).stdout)).toMatchObject({
    version: 2,
    embeddings: [6, 7, 8, 9],
  });
  const again = await run("reembed");
  expect([again.code, again.stdout]).toEqual([0, `Note\t${contexts}\t0\t0\t0\n`]);
  expect((await run("reembed", "Plain")).stderr).toMatch(/Plain declares no embed/);
  expect((await run("reembed", "Nothing")).stderr).toMatch(/no component "Nothing"/);
});

it("[Q9] reembed killed at any moment goes on where it ended, and a failure says what it was", async () => {
  const cwd = await filled();
  configuration(cwd, "new", 4);
  const failed = await contextbase(["reembed", "--yes"], { cwd, env: { EMBED_FAILS: "1" } });
  expect([failed.code, failed.stdout]).toEqual([1, ""]);
  expect(failed.stderr).toContain("[embedding_failed]");
  writeFileSync(join(cwd, "asked.txt"), "");

  // The second request of each run is on its way when it is killed: what the first brought is kept.
  const slow = { cwd, env: { EMBED_MILLISECONDS: "400" } };
  for (let run = 1; run <= 2; run++) {
    const running = start("bin/contextbase.js", ["reembed", "--yes"], slow);
    const ended = finish(running);
    const before = askedOf(cwd).length;
    while (askedOf(cwd).length <= before + perRequest) await sleep(20);
    running.kill("SIGKILL");
    expect((await ended).code).toBeNull();
  }
  const asked = askedOf(cwd);
  const last = await contextbase(["reembed", "--yes", "--json"], { cwd });
  expect(last.code, last.stderr).toBe(0);
  const left = contexts - 2 * perRequest;
  expect(linesOf(last.stdout)).toEqual([
    { component: "Note", contexts, outdated: left, embedded: left, left: 0 },
  ]);
  expect(askedOf(cwd)).toHaveLength(asked.length + left);
  const listed = await contextbase(["list", "Note", "--json", "--all"], { cwd });
  const versions = linesOf(listed.stdout).map(({ version, embeddings }) => [
    version,
    (embeddings as number[]).length,
  ]);
  expect(new Set(versions.map(String))).toEqual(new Set(["2,4"]));
});
