import { expect, it } from "vitest";
import { createRandom } from "../../../scripts/campaigns/random.ts";
import { compareText } from "../../../src/base/compare-text.ts";
import type { Json } from "../../../src/base/json.ts";
import { parseFilter } from "../../../src/search/filter/parse-filter.ts";
import { createPredicate } from "../../../src/search/filter/predicate.ts";

const fits = (content: Json, condition: Json): boolean =>
  createPredicate(parseFilter({ "content.a": condition }))({
    ...{ type: "t", id: "i", version: 1, createdAt: 0, updatedAt: 0 },
    content,
    metadata: {},
  });

it.for([
  // A comparison with a missing path is false, and negations are plain.
  [{}, { $gt: 0 }, false],
  [{}, null, false],
  [{}, { $ne: 1 }, true],
  [{}, { $nin: [1] }, true],
  // Null equals only null; nothing is coerced.
  [{ a: null }, null, true],
  [{ a: 0 }, null, false],
  [{ a: 0 }, false, false],
  [{ a: "1" }, 1, false],
  [{ a: "1" }, { $gt: 0 }, false],
  [{ a: true }, { $gte: true }, false],
  // A bare value does not look inside arrays; objects compare whole.
  [{ a: [1] }, 1, false],
  [{ a: [1] }, [1], true],
  [{ a: [1, 2] }, [2, 1], false],
  [{ a: { b: 1, c: 2 } }, { c: 2, b: 1 }, true],
  [{ a: { b: 1, c: 2 } }, { b: 1 }, false],
  [{ a: [1, [2]] }, { $contains: [2] }, true],
  [{ a: "abc" }, { $contains: "b" }, false],
  // Paths lead through objects' own properties alone.
  [[{ a: 1 }], 1, false],
  [{ a: "e\u0301" }, "é", false],
  [{ a: "😀" }, { $gt: "～" }, true],
] as const)("[Q1] in %j, %j is %s", ([content, condition, expected]) => {
  expect(fits(content, condition)).toBe(expected);
});

it("[Q1] texts compare by code point, as their bytes do", () => {
  const random = createRandom(7);
  const points = ["a", "b", "\uD7FF", "\uE000", "\uFFFF", "\u{10000}", "😀", "\u{10FFFF}"];
  const text = (): string => Array.from({ length: random.below(4) }, () => random.pick(points)).join("");
  for (let turn = 0; turn < 2_000; turn++) {
    const [a, b] = [text(), text()];
    expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }
});
