import { describe, expect, it } from "vitest";
import { documentTerms } from "../../../src/search/text/document-terms.ts";
import { textsOf } from "../../../src/search/text/texts-of.ts";

describe("the texts of a context", () => {
  const content = { title: "One", "a.b": { list: ["two", { deep: "three" }, 4, null] }, flag: true };

  it("[Q5] are the strings below its paths, each once, with where they stand", () => {
    expect(textsOf(["content.title", "content", "metadata.by"], content, { by: "Ada", at: "noon" })).toEqual([
      { path: "content.title", text: "One" },
      { path: "content.a\\.b.list", text: "two" },
      { path: "content.a\\.b.list.deep", text: "three" },
      { path: "metadata.by", text: "Ada" },
    ]);
    expect(textsOf([], content, {})).toEqual([]);
    expect(textsOf(["content.title.below", "content.none"], content, {})).toEqual([]);
  });

  it("[Q5] have their terms at positions that rise, with one left free between two texts", () => {
    const { length, positions } = documentTerms([{ text: "red dog" }, { text: "" }, { text: "red cat?" }]);
    expect(length).toBe(4);
    expect(Object.fromEntries(positions)).toEqual({
      red: [0, 3],
      dog: [1],
      cat: [4],
      "=red dog": [0],
      "=red cat": [3],
      "?": [3],
    });
  });
});
