import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonText } from "../../src/base/json-text.ts";

/** Names that a text spells with escapes, or that look like what stands in for them. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', "\\", "_", "\n", "a", ":", "\uE000", "0", "é") }),
  fc.string({ unit: "grapheme" }),
);

describe("parseJsonText", () => {
  it("[S2] reads a name with an escape as itself, whatever names were read before", () => {
    for (const names of [
      ["_\\", '_"'],
      ["\\", '"', "\n"],
      ["a\\", 'a"', "a\t"],
    ]) {
      for (let round = 0; round < 3; round++) {
        for (const spelled of names) {
          const text = JSON.stringify({ h: [], [spelled]: { [spelled]: 1 } });
          expect(Object.entries(parseJsonText(text) as object)).toEqual([
            ["h", []],
            [spelled, { [spelled]: 1 }],
          ]);
        }
      }
    }
  });

  it("[S2] gives back what was written, with any white space between", () => {
    const value = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constant(null),
        tie("list"),
        tie("object"),
      ),
      list: fc.array(tie("json"), { maxLength: 4 }),
      object: fc.dictionary(name, tie("json"), { maxKeys: 6 }).map((object) => Object.assign({}, object)),
    })).json;
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, "\t"), (written, space) => {
        const text = JSON.stringify(written, undefined, space);
        expect(JSON.stringify(parseJsonText(text), undefined, space)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it("refuses what JSON.parse refuses", () => {
    for (const text of ['{"a\\"":1', '{"a\\":1}', '{"\\x":1}', '{"a\\n" 1}', '{"\\n":}', "", "{]"]) {
      expect(() => parseJsonText(text), text).toThrow(SyntaxError);
    }
    const deep = `${'{"\\n":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    expect(() => parseJsonText(deep)).toThrow(/deeper/);
  });
});
