import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprintOf, resemblance } from "../../src/assembly/fingerprint.ts";

const alike = (a: string, b: string): number => resemblance(fingerprintOf(a), fingerprintOf(b));

/** Different words without a number, made of one letter. */
const words = (count: number, seed: string): string =>
  Array.from({ length: count }, (_, index) =>
    [...index.toString(3)].map((digit) => seed + "xyz".charAt(Number(digit))).join(""),
  ).join(" ");

describe("how alike two texts are", () => {
  it("[Q8] is 1 whatever their case, punctuation, spaces and width", () => {
    expect(alike("Refunds within 30 days.", "refunds  within 30 DAYS!")).toBe(1);
    expect(alike("ＡＢＣ ﬁne", "abc fine")).toBe(1);
    expect(alike("返金は三十日以内。", "返金は三十日以内")).toBe(1);
    expect(alike("yes", "Yes.")).toBe(1);
  });

  it("[Q8] is the share of word pairs that they have in common", () => {
    expect(alike("a b c d e", "a b c d f")).toBeCloseTo(3 / 5);
    expect(alike("a b c", "c b a")).toBe(0);
    expect(alike("", "")).toBe(0);
    expect(alike("👍", "👎")).toBe(0);
  });

  it("[Q8] is 0 where their numbers differ: they say something else", () => {
    const policy = (days: string): string => `${words(40, "p")} within ${days} days ${words(40, "q")}`;
    expect(alike(policy("30"), policy("14"))).toBe(0);
    expect(alike(policy("30"), policy("30"))).toBe(1);
    expect(alike(policy("thirty"), policy("fourteen"))).toBeGreaterThan(0.9);
  });

  const invoice = (part: string): string => `${words(40, "p")} ${part} ${words(40, "q")}`;

  it.each([
    ["2024-01-02", "2024-02-01"],
    ["1.5 euro", "5.1 euro"],
    ["1,000 euro", "1.000 euro"],
    ["-5 euro", "5 euro"],
    [".5 euro", "5 euro"],
    ["5 to 10 euro", "10 to 5 euro"],
    ["5 and 5 euro", "5 euro"],
    ["1/2", "2/1"],
    ["10:12", "12:10"],
    ["5½", "51/2"],
    ["10² km", "102 km"],
    ["$5", "€5"],
    ["5%", "5"],
    ["C++", "C#"],
    ["a = b", "a ≠ b"],
    ["x < y", "x > y"],
    ["deployed 👍", "deployed 👎"],
    ["返金は30日以内", "返金は14日以内"],
  ])("[Q8] is 0 for %j and %j: numbers and symbols count in their order, as they are written", (a, b) => {
    expect(alike(invoice(a), invoice(b))).toBe(0);
    expect(alike(a, b)).toBe(0);
  });

  it.each([
    ["within (30) days", "within 30 days."],
    ["“30”, at the most", "30 at the most"],
    ["**30** days", "30 days"],
    ["set `x=5`", "set x=5"],
    ["...30 days", "30 days"],
    ["\u22125 degrees", "-5 degrees"],
    ["１２ apples", "12 apples"],
    ["release V1.2.3;", "release v1.2.3"],
    ["30日、以内。", "30日以内"],
  ])("[Q8] is 1 for %j and %j: punctuation around a number does not count", (a, b) => {
    expect(alike(a, b)).toBe(1);
    expect(alike(invoice(a), invoice(b))).toBe(1);
  });

  it("[Q8] is 1 for a text and its quotation", () => {
    expect(alike("> Can I return 2 boxes?\n> - or 3", "Can I return 2 boxes?\nor 3")).toBe(1);
  });

  it("[Q8] is estimated for long texts, near to what it is", () => {
    const shared = words(3_000, "s");
    const first = `${shared} ${words(1_000, "a")}`;
    const second = `${shared} ${words(1_000, "b")}`;
    expect(alike(first, second)).toBeGreaterThan(0.5);
    expect(alike(first, second)).toBeLessThan(0.7);
  });

  it("[Q8] is the same both ways, between 0 and 1, and 1 for a text and itself", () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 30 }), fc.lorem({ maxCount: 30 }), (a, b) => {
        const share = alike(a, b);
        expect(share).toBe(alike(b, a));
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(alike(a, a)).toBe(1);
        for (const least of [0.1, 0.5, 0.8, 1]) {
          const found = resemblance(fingerprintOf(a), fingerprintOf(b), least);
          expect(found >= least ? found : 0).toBe(share >= least ? share : 0);
        }
      }),
    );
  });
});
