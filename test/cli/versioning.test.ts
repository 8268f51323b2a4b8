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

const long = (colour: string): string =>
  `It was told ${"again and again ".repeat(10)}that the ${colour} fox jumps over the lazy dog.`;

describe("diff", () => {
  it("[V8] shows what changed, a long text by its words, and colours it where it is wanted", async () => {
    const cwd = temporaryFolder();
    await contextbase(put("a", long("brown")), { cwd });
    await contextbase([...put("a", long("red")), "--metadata", '{"a b":["\\u009B31m"]}'], { cwd });
    const [plain, coloured, json] = await Promise.all([
      contextbase(["diff", "Document", "a"], { cwd }),
      contextbase(["diff", "Document", "a", "--from", "2", "--to", "1"], { cwd, env: { FORCE_COLOR: "1" } }),
      contextbase(["diff", "Document", "a", "--json"], { cwd }),
    ]);
    expect(plain).toMatchObject({ code: 0, stderr: "" });
    expect(plain.stdout).toContain('Document "a": version 1 → 2');
    expect(plain.stdout).toContain("~ content.text\n    It was told");
    expect(plain.stdout).toContain("the [-brown-]{+red+} fox");
    expect(plain.stdout).toContain('+ metadata["a b"]: ["\\u009b31m"]\n');
    expect(coloured.stdout).toContain("\u001B[32m");
    expect(coloured.stdout).not.toContain("[-red-]");
    const [told] = linesOf(json.stdout);
    expect(told).toMatchObject({ from: 1, to: 2 });
    expect(told?.patch).toEqual([
      { op: "replace", path: "/content/text", value: long("red") },
      { op: "add", path: "/metadata/a b", value: ["\u009B31m"] },
    ]);
  });
});

describe("revert", () => {
  it("[V10] takes one context back, and all that an actor did only once it is agreed to", async () => {
    const cwd = temporaryFolder();
    await contextbase(put("a", "one"), { cwd });
    await contextbase(put("a", "two"), { cwd });
    const reverted = await contextbase(["revert", "Document", "a", "--to", "1"], { cwd });
    expect(reverted).toMatchObject({
      code: 0,
      stdout: 'Document "a" is version 3, as it was as version 1.\n',
    });
    const history = await contextbase(["history", "Document", "a", "--json"], { cwd });
    const [last] = linesOf(history.stdout);
    expect(last).toMatchObject({ version: 3, parents: [2, 1] });
    const undo = ["revert", "--actor", String(last?.actor), "--since", String(last?.at)];
    const asked = await contextbase(undo, { cwd });
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining("Give --yes to go on") });
    const planned = await contextbase([...undo, "--dry-run"], { cwd });
    expect(planned).toEqual({ code: 0, stdout: "Document\ta\t3\t2\n", stderr: "" });
    const done = await contextbase([...undo, "--yes", "--json"], { cwd });
    const [told] = linesOf(done.stdout);
    expect(told).toMatchObject({ undone: [{ id: "a", from: 3, to: 2 }], writes: [expect.any(String)] });
    const write = Array.isArray(told?.writes) ? String(told.writes[0]) : "";
    const back = await contextbase(["revert", "--write", write, "--yes"], { cwd });
    expect(back.stderr).toContain("Took back 1 context, by the write ");
  });

  it("[V10] says what it needs to know", async () => {
    const cwd = temporaryFolder();
    const wrong = [
      ["Document", "a"],
      ["--actor", "ada"],
      ["Document", "a", "--to", "1", "--write", "w"],
    ];
    const results = await Promise.all(wrong.map((words) => contextbase(["revert", ...words], { cwd })));
    for (const result of results) expect(result).toMatchObject({ code: 2, stdout: "" });
  });
});
