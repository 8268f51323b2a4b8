import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Snippet } from "../../../src/model/searching.ts";
import { parseTextQuery } from "../../../src/search/text/parse-text-query.ts";
import { createSnippets } from "../../../src/search/text/snippet.ts";
import type { PathText } from "../../../src/search/text/texts-of.ts";

const filler = "lorem ipsum dolor sit amet ".repeat(40);

const snippetOf = (texts: readonly PathText[], query: string): Snippet | undefined =>
  createSnippets(parseTextQuery(query)).of(texts);

/** What is marked of a text, by a query. */
const marked = (query: string, text: string): string[] => {
  const snippet = snippetOf([{ path: "content.text", text }], query);
  return (snippet?.marks ?? []).map(([start, end]) => snippet?.text.slice(start, end) ?? "");
};

describe("a snippet", () => {
  it("[Q10] marks what was found, in whatever form it stands", () => {
    expect(marked("dog run", "The dogs went running.")).toEqual(["dogs", "running"]);
    expect(marked("user", "call getUserById")).toEqual(["User"]);
    expect(marked("getUserById", "call getUserById now")).toEqual(["getUserById"]);
    expect(marked("univ*", "at the University")).toEqual(["University"]);
    expect(marked("2023-05-07", "on May 7, 2023 it rained")).toEqual(["May 7, 2023"]);
    expect(marked("京都", "私は東京都に")).toEqual(["京都"]);
  });

  it("[Q10] is the piece in which most of the query stands", () => {
    const text = `red ${filler} the red dogs and the cat ${filler} red`;
    const snippet = snippetOf([{ path: "content.text", text }], "red dog cat");
    expect(snippet?.marks.map(([start, end]) => snippet.text.slice(start, end))).toEqual([
      "red",
      "dogs",
      "cat",
    ]);
    expect(snippet?.text.length).toBeGreaterThan(150);
    expect(snippet?.text.length).toBeLessThan(260);
    expect(text.split(" ")).toEqual(expect.arrayContaining(snippet?.text.trim().split(" ") ?? ["none"]));
  });

  it("[Q10] is of the text that holds most, and names its path", () => {
    const texts = [
      { path: "content.title", text: "A dog" },
      { path: "content.text", text: "A dog and a cat" },
    ];
    expect(snippetOf(texts, "dog cat")?.path).toBe("content.text");
    expect(snippetOf(texts, "bird")).toBeUndefined();
    expect(snippetOf([], "dog")).toBeUndefined();
  });

  it("[Q10] marks what stands behind a window that cannot be bettered, as far as the snippet shows it", () => {
    const pad = "lorem ".repeat(800);
    expect(marked("dog cat", `${pad}the dog, a cat and another dog ${pad} dog cat`)).toEqual([
      "dog",
      "cat",
      "dog",
    ]);
    expect(marked("dog 2023-05-07", `${pad}the dog of May 7, 2023 in May ${pad}`)).toEqual([
      "dog",
      "May 7, 2023",
    ]);
    expect(marked("dog", `${pad}the dog of May 7, 2023 in May ${pad}`)).toEqual(["dog"]);
  });

  it("[Q10] never cuts a character, and its marks lie within it, each behind the one before", () => {
    const part = fc.constantFrom("dog", "😀", "👩‍👩‍👧", "e\u0301", " ", "x".repeat(90), "東京", "👍🏽", ". ");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 80 }), (parts) => {
        const text = parts.join("");
        const snippet = snippetOf([{ path: "content.text", text }], "dog 京 😀");
        if (!snippet) return;
        expect(snippet.text.isWellFormed()).toBe(true);
        expect(text).toContain(snippet.text);
        let last = 0;
        for (const [start, end] of snippet.marks) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(["dog", "京", "東京", "😀"]).toContain(
            snippet.text.slice(start, end).replace(/(?<=^東?京).$/u, ""),
          );
          expect(end).toBeLessThanOrEqual(snippet.text.length);
          last = end;
        }
        expect(snippet.marks.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  it("[Q10] of a very large text is made at once", () => {
    const text = `${"word ".repeat(400_000)}dog`;
    expect(marked("word", text)[0]).toBe("word");
  });
});
