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

  it("[Q8] is told what is missing", async () => {
    const cwd = temporaryFolder();
    const without = await contextbase(["assemble", "--component", "Document", "keys"], { cwd });
    expect(without).toMatchObject({ code: 2, stdout: "" });
    expect(without.stderr).toContain("--tokens");
    const wrong = await contextbase(["assemble", "--component", "Document", "--tokens", "0", "keys"], {
      cwd,
    });
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
  });
});
