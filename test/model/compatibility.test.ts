import { describe, expect, it } from "vitest";
import { checkPair, randomPair } from "../../scripts/campaigns/compatibility-check.ts";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { type CompatibilityMode, checkCompatibility, type Difference } from "../../src/index.ts";
import { table } from "./compatibility/table.ts";

const seed = Number(process.env.COMPATIBILITY_SEED ?? Date.now() % 2 ** 31);
const pairs = 1_000;

const tell = (differences: readonly Difference[], direction: string): string[] =>
  differences
    .filter(({ breaks }) => breaks === direction || breaks === "both")
    .map(({ path, kind }) => `${path} ${kind}`)
    .sort();

describe("checkCompatibility", () => {
  it("[E1] has at least 80 pairs written by hand, each by a name of its own", () => {
    const names = table.map(([name]) => name);
    expect(names.length).toBeGreaterThanOrEqual(80);
    expect(names).toEqual([...new Set(names)]);
  });

  it.each(table)("[E1] %s", (_, older, newer, backward, forward) => {
    const full = checkCompatibility(older, newer, "full");
    expect({
      backward: tell(full.differences, "backward"),
      forward: tell(full.differences, "forward"),
    }).toEqual({ backward: [...backward].sort(), forward: [...forward].sort() });
    const compatible = (mode: CompatibilityMode): boolean =>
      checkCompatibility(older, newer, mode).compatible;
    const expected = { backward: backward.length === 0, forward: forward.length === 0 };
    for (const suffix of ["", "-transitive"] as const) {
      expect(compatible(`backward${suffix}`)).toBe(expected.backward);
      expect(compatible(`forward${suffix}`)).toBe(expected.forward);
      expect(compatible(`full${suffix}`)).toBe(expected.backward && expected.forward);
    }
    expect(compatible("none")).toBe(true);
    // Each schema goes with itself, and the other way round the directions change places.
    expect(checkCompatibility(newer, structuredClone(newer), "full").compatible).toBe(true);
    expect(checkCompatibility(newer, older, "forward").compatible).toBe(expected.backward);
  });

  it(`[E1] never says backward where a value of the older fails the newer (COMPATIBILITY_SEED=${seed})`, () => {
    const random = createRandom(seed);
    for (let compared = 0; compared < pairs; compared++) {
      const pair = randomPair(random);
      const checked = checkPair(pair, random, 25);
      const wrong = checked?.compatible === true && checked.counterexample !== undefined;
      expect(wrong ? { ...pair, ...checked.counterexample } : undefined, `pair ${compared}`).toBeUndefined();
    }
  });

  it("[E1] says where something breaks, of what kind, and why", () => {
    const older = { type: "object", properties: { plan: { enum: ["free", "pro"] } }, required: ["plan"] };
    const newer = { type: "object", properties: { plan: { enum: ["free", "team"] } }, required: ["plan"] };
    expect(checkCompatibility(older, newer, "full-transitive")).toEqual({
      compatible: false,
      differences: [
        {
          path: "plan",
          kind: "enum",
          message: 'the older takes "pro", the newer does not; the newer takes "team", the older does not',
          breaks: "both",
        },
      ],
    });
  });

  it("[E1] ends on schemas that nobody can look through", () => {
    const bits = Array.from({ length: 12 }, (_, at) => ({
      anyOf: [{ required: [`a${at}`] }, { required: [`b${at}`] }],
    }));
    const wide = { type: "object", allOf: bits };
    expect(checkCompatibility(wide, { ...wide, minProperties: 1 }, "backward").differences[0]?.kind).toBe(
      "unprovable",
    );
    expect(checkCompatibility(wide, structuredClone(wide), "full").compatible).toBe(true);
    const deep = Array.from({ length: 400 }).reduce<object>((items) => ({ type: "array", items }), {
      type: "string",
    });
    expect(checkCompatibility({ ...deep }, { ...deep, minItems: 0 }, "backward").compatible).toBe(true);
  });

  it("[E1] refuses what is no schema and no mode", () => {
    expect(() => checkCompatibility("string" as never, {}, "full")).toThrow(/older schema is no JSON Schema/);
    expect(() => checkCompatibility({}, {}, "backwards" as never)).toThrow(
      /"backwards".*backward-transitive/,
    );
  });
});
