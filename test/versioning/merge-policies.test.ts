import { defineComponent, type MergePolicies } from "contextbase";
import { describe, expect, it } from "vitest";

const define = (merge: unknown) => defineComponent({ name: "Counter", merge: merge as MergePolicies });

describe("the merge policies of a component", () => {
  it("[V9] are data in its description, functions as such", () => {
    const policies = {
      "content.count": "sum",
      "metadata.a\\.b": "union",
      "content.text": () => "x",
    } as const;
    expect(define(policies).describe().merge).toEqual({
      "content.count": "sum",
      "metadata.a\\.b": "union",
      "content.text": "function",
    });
    expect(defineComponent({ name: "Plain" }).describe()).not.toHaveProperty("merge");
  });

  it("[V9] are checked where it is defined, each mistake with its mend", () => {
    const mistakes: readonly (readonly [unknown, RegExp])[] = [
      [{ "content.count": "som" }, /Counter\.merge \["content\.count"\] is "som"\. Did you mean "sum"\?/],
      [{ "content.count": "lastwriter" }, /Did you mean "last-writer"\?/],
      [
        { "content.count": 1 },
        /is 1\. A policy is one of last-writer, max, min, sum, union, append, or a function/,
      ],
      [{ count: "sum" }, /names no path: .*begins with none of those/],
      [{ type: "max" }, /Only what stands in content or metadata/],
      [{ "content.a\\b": "max" }, /escapes nothing/],
      ["sum", /must be an object/],
      [
        Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`content.${at}`, "sum"])),
        /64 are the most/,
      ],
    ];
    for (const [merge, message] of mistakes) {
      expect(() => define(merge)).toThrow(message);
      expect(() => define(merge)).toThrow(expect.objectContaining({ code: "invalid_component" }));
    }
  });
});
