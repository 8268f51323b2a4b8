import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contextbase, linesOf } from "../cli/run.ts";
import { temporaryFolder } from "../contract/engines.ts";

const put = (id: string, text: string): string[] => [
  "put",
  "Document",
  id,
  JSON.stringify({ text }),
  "--type",
  "section",
];

describe("contextbase assemble", () => {
  it("[Q8] prints the text, and says beside it what it is made of and what missed", async () => {
    const cwd = temporaryFolder();
    await contextbase(put("a", "Keys are rotated by one command."), { cwd });
    await contextbase(put("b", "KEYS are rotated by one command!"), { cwd });
    const words = ["assemble", "--component", "Document", "--tokens", "200", "--template", "plain"];
    const shown = await contextbase([...words, "rotate", "keys"], { cwd });
    expect(shown.stdout).toMatch(
      /^\[Document "[ab]", version 1, [\d-]+\]\nk?.*rotated by one command[.!]\n$/i,
    );
    expect(shown.stderr).toMatch(
      /^1 context, \d+ of 200 tokens\n\+ Document "[ab]" v1 {2}\d+ tokens {2}text #1/,
    );
    expect(shown.stderr).toMatch(/\n- Document "[ab]" v1 {2}says the same as Document "[ab]" v1\n$/);
    expect(shown.code).toBe(0);
    const asJson = await contextbase([...words, "--json", "rotate keys"], { cwd });
    expect(linesOf(asJson.stdout)).toMatchObject([{ text: shown.stdout, receipt: { version: 1 } }]);
  });

  it("[Q8] takes sources with options of their own, and makes a text again from a receipt", async () => {
    const cwd = temporaryFolder();
    await contextbase(put("a", "Keys are rotated by one command."), { cwd });
    await contextbase(put("b", "KEYS are rotated by one command!"), { cwd });
    await contextbase(put("c", "Ships."), { cwd });
    const words = ["assemble", "--tokens", "300", "--order", "time", "--template", "plain"];
    const source = JSON.stringify({ component: "Document", by: "newest", limit: 1, weight: 9 });
    const [both, newest, best, all] = await Promise.all([
      contextbase([...words, "--component", "Document", "--source", source, "rotate keys", "--json"], {
        cwd,
      }),
      contextbase([...words, "--component", "Document", "--by", "newest", "--limit", "1", "keys"], { cwd }),
      contextbase([...words, "--component", "Document", "--where", '{"id":"b"}', "rotate keys"], { cwd }),
      contextbase([...words, "--component", "Document", "--duplicates", "none", "rotate keys"], { cwd }),
    ]);
    expect(linesOf(both.stdout)).toMatchObject([{ items: [{}, { id: "c" }] }]);
    expect(newest.stdout).toContain("Ships.");
    expect(best.stdout).toContain("KEYS");
    expect(all.stdout).toMatch(/Keys are.*KEYS are/s);

    writeFileSync(join(cwd, "window.json"), both.stdout);
    await contextbase(put("c", "Sails."), { cwd });
    const rebuild = (...more: string[]) =>
      contextbase(["assemble", "--receipt", "window.json", ...more], { cwd });
    const [again, asJson, withWords, withTokens, none] = await Promise.all([
      rebuild(),
      rebuild("--json"),
      rebuild("keys"),
      rebuild("--tokens", "3"),
      contextbase(["assemble", "--receipt", "nothing.json"], { cwd }),
    ]);
    const [{ text } = {}] = linesOf(both.stdout);
    expect(again).toMatchObject({ code: 0, stdout: text });
    expect(again.stderr).toMatch(
      /^2 contexts, \d+ tokens, made again\n\+ Document "[ab]" v1\n\+ Document "c" v1\n$/,
    );
    expect(linesOf(asJson.stdout)).toMatchObject([{ text }]);
    expect(withWords).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("has its query"),
    });
    expect(withTokens).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("cannot be used with"),
    });
    expect(none).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("cannot be read") });
  });

  it("[Q8] is told what is missing", async () => {
    const cwd = temporaryFolder();
    const without = await contextbase(["assemble", "--component", "Document", "keys"], { cwd });
    expect(without).toMatchObject({ code: 2, stdout: "" });
    expect(without.stderr).toContain("--tokens");
    const wrong = await contextbase(["assemble", "--component", "Document", "--tokens", "0", "keys"], {
      cwd,
    });
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    const told: readonly (readonly [readonly string[], RegExp])[] = [
      [["--tokens", "9", "keys"], /--component or --source is missing/],
      [["--tokens", "9", "--component", "Document"], /There is no query/],
      [["--tokens", "9", "--source", "[]", "keys"], /--source must be a JSON object with a component/],
      [["--tokens", "9", "--source", '{"component":"Document","wieght":1}', "keys"], /no option "wieght"/],
      [["--tokens", "9", "--component", "Document", "--duplicates", "2", "keys"], /up to 1, or none/],
      [["--tokens", "9", "--component", "Document", "--weight", "0", "keys"], /a number above 0/],
      [["--tokens", "9", "--component", "Document", "--by", "oldest", "keys"], /search, newest/],
      [
        ["--tokens", "9", "--component", "Document", "--by", "newest", "--text-only", "keys"],
        /embeddings is to search by/,
      ],
    ];
    await contextbase(put("a", "Keys."), { cwd });
    const answers = await Promise.all(told.map(([words]) => contextbase(["assemble", ...words], { cwd })));
    for (const [index, { code, stderr }] of answers.entries())
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(told[index]?.[1] ?? "") });
  });
});
