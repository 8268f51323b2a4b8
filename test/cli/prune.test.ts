import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase } from "./run.ts";

const configured = (): string => {
  const cwd = temporaryFolder();
  writeFileSync(
    join(cwd, "contextbase.config.ts"),
    `import { defineComponent, defineConfig } from "contextbase";

const Plan = defineComponent({ name: "Plan", retention: { versions: 2 } });
export default defineConfig({ components: [Plan, defineComponent({ name: "Note" })] });
`,
  );
  return cwd;
};

it("[V11, V12] prune counts, removes what is not to be kept, and makes deletions of what expired", async () => {
  const cwd = configured();
  const run = (...words: string[]) => contextbase(words, { cwd });
  const lines = [1, 2, 3, 4].flatMap((n) =>
    ["Plan", "Note"].map((component) => JSON.stringify({ component, id: "a", type: "t", content: { n } })),
  );
  await contextbase(["import", "-"], { cwd, input: lines.join("\n") });
  const gone = await run("put", "Note", "b", '{"n":1}', "--type", "t", "--expires", "2026-01-01T00:00:00Z");
  expect(gone).toMatchObject({ code: 0, stdout: 'Note "b" is version 1.\n' });
  const wrong = await run("put", "Note", "d", "{}", "--type", "t", "--expires", "soon");
  expect(wrong.stderr).toContain('expiresAt is "soon"');
  const counted = await run("prune", "--dry-run");
  expect(counted.stdout).toBe("2 versions would be removed, 1 context expired; 1 context examined.\n");
  const pruned = await run("prune", "Plan", "--json");
  expect([pruned.code, JSON.parse(pruned.stdout)]).toEqual([0, { examined: 1, removed: 2, expired: 0 }]);
  expect((await run("prune")).stdout).toBe("0 versions removed, 1 context expired; 1 context examined.\n");
  const removed = await run("get", "Plan", "a", "--version", "1");
  expect([removed.code, removed.stderr]).toEqual([1, expect.stringContaining("[version_removed]")]);
});
