import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { cutLongRuns } from "../../src/assembly/long-runs.ts";
import { customCounter, loadTokenizer } from "../../src/assembly/tokenizer.ts";

const exactly = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });

const texts = fc.string({ unit: "binary", maxLength: 400 }).filter((text) => text.isWellFormed());

describe("a tokenizer", () => {
  it("[Q8] counts what its library counts, names of special tokens as the characters that they are", async () => {
    const { count, name } = await loadTokenizer("o200k_base");
    expect(name).toBe("o200k_base");
    expect(count("<|endoftext|>", 100)).toBe(7);
    expect(count("a <|endofprompt|> b", 100)).toBe(exactly("a <|endofprompt|> b"));
    fc.assert(fc.property(texts, (text) => count(text, 1_000_000) === exactly(text)));
  });

  it("[Q8] has several vocabularies", async () => {
    const { count } = await loadTokenizer("cl100k_base");
    const text = "Wie viele Tokens hat dieser Satz? 漢字かな交じり文";
    expect(count(text, 1_000)).not.toBe(exactly(text));
  });

  it("[Q8] says that there are more than asked for, at once even in a text that is far too long", async () => {
    const { count } = await loadTokenizer("o200k_base");
    expect(count("one two three", 3)).toBe(3);
    expect(count("one two three", 2)).toBeUndefined();
    expect(count("", 0)).toBe(0);
    expect(count("word ".repeat(1_000_000), 1_000)).toBeUndefined();
  });

  it("[Q8] never counts too few in runs that no tokenizer cuts, and does not take long over them", async () => {
    const { count } = await loadTokenizer("o200k_base");
    const alphabets = [
      "abcdefghij",
      "etaoinshrdlu",
      "漢字仮名文中国人",
      "-=",
      "ab",
      " \t\n",
      "áéíóú",
      "😀👍🏽",
    ];
    const runs = fc
      .constantFrom(...alphabets)
      .chain((letters) =>
        fc.array(fc.constantFrom(...letters), { minLength: 1_001, maxLength: 2_500, size: "max" }),
      );
    fc.assert(
      fc.property(runs, texts, (run, beside) => {
        const text = beside + run.join("") + beside;
        return (count(text, 1_000_000) ?? 0) >= exactly(text);
      }),
      { numRuns: 60 },
    );
    for (const letter of [" ", "a", "漢", "!", "\n"]) {
      expect(count(letter.repeat(1_000_000), 2_000_000)).toBeGreaterThan(7_000);
    }
  });

  it("[Q8] cuts nothing else: the pieces of a text give the text", () => {
    fc.assert(fc.property(texts, (text) => cutLongRuns(text).join("") === text));
    const mixed = `word ${"x".repeat(2_500)} ${"😀".repeat(1_500)}word`;
    expect(cutLongRuns(mixed).join("")).toBe(mixed);
    expect(cutLongRuns(mixed).length).toBeGreaterThan(4);
    expect(cutLongRuns("word ".repeat(10_000))).toHaveLength(1);
  });
});

describe("a count of the caller's own", () => {
  it("[Q8] must be a number from 0", () => {
    const { count } = customCounter((text) => text.length);
    expect(count("four", 4)).toBe(4);
    expect(count("four", 3)).toBeUndefined();
    for (const wrong of [Number.NaN, -1, Number.POSITIVE_INFINITY, "3", undefined, Promise.resolve(3)]) {
      expect(() => customCounter(() => wrong).count("text", 5)).toThrow(
        expect.objectContaining({ code: "invalid_argument" }),
      );
    }
  });

  it("[Q8] is refused by name where it is a promise, whose rejection is nobody else's to handle", async () => {
    const { count } = customCounter(() => Promise.reject(new Error("late")));
    expect(() => count("text", 5)).toThrow("budget.count gave a promise");
    // A rejection that nobody handles would be told by now, and fail the run.
    await setImmediate();
  });
});
