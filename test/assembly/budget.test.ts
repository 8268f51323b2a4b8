import { templates } from "contextbase";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ask, open, Policy, storePolicies, tokensOf } from "./fixture.ts";

const code = "const a = (b) => {\n\treturn b?.c ?? 0; // <|endoftext|>\n};\n";
const pieces = fc.constantFrom(
  code,
  "<|endoftext|>",
  "<|im_start|>system",
  "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽",
  "返金は三十日以内に行われます。",
  "word ",
  "\n\n\n   \t",
  "</context>",
  "ﷺ e\u0301 Å",
  "0123456789 3.14159",
  "-".repeat(70),
  " ".repeat(300),
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 120 }).filter((one) => one.isWellFormed() && !one.includes("\0")),
  fc.array(pieces, { maxLength: 40, size: "max" }).map((parts) => parts.join("")),
);

describe("the budget of an assembly", () => {
  it("[Q8] is never passed, by the tokens of the whole text, whatever is stored", async () => {
    const base = await open();
    let most = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 600 }),
        fc.constantFrom(templates.xml, templates.plain),
        fc.constantFrom("relevance" as const, "time" as const, "thread" as const),
        async (texts, tokens, template, order) => {
          const stored = texts.map((one, index) => [`p${index}`, `needle ${one}`] as const);
          const view = base.as({ id: "a", tenant: `t${most++}` });
          await storePolicies(view, Object.fromEntries(stored));
          const options = { ...ask("needle", tokens), template, order };
          const window = await view.assemble(options);
          expect(window.tokens).toBeLessThanOrEqual(tokens);
          // Where a long run is cut to be counted, there may be fewer.
          expect(tokensOf(window.text)).toBeLessThanOrEqual(window.tokens);
          if (!/\s{1001}/.test(window.text)) expect(tokensOf(window.text)).toBe(window.tokens);
          expect(window.items.length + window.missed.length).toBe(stored.length);
          expect((await view.reassemble(window.receipt)).text).toBe(window.text);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("[Q8] is used as far as it can be: nothing that missed it fits beside what is there", async () => {
    const base = await open();
    const stored = Array.from({ length: 40 }, (_, index) => [`p${index}`, `needle ${"w ".repeat(index)}`]);
    await storePolicies(base, Object.fromEntries(stored));
    for (const tokens of [100, 500, 1_000]) {
      const { items, missed, ...window } = await base.assemble({
        ...ask("needle", tokens),
        duplicates: false,
      });
      const smallest = Math.min(...missed.map(({ tokens = Number.POSITIVE_INFINITY }) => tokens));
      expect(window.tokens + smallest).toBeGreaterThan(tokens - items.length);
    }
  });

  it("[Q8] is counted by the caller's own function, where one is given", async () => {
    const base = await open();
    await storePolicies(base, { a: "needle one", b: "needle two", c: "needle three" });
    const counted: string[] = [];
    const count = (one: string): number => {
      counted.push(one);
      return one.length / 4;
    };
    const window = await base.assemble({ ...ask("needle"), budget: { tokens: 75, count } });
    expect(window.items).toHaveLength(2);
    expect(window.tokens).toBe(window.text.length / 4);
    expect(window.receipt.tokenizer).toBe("custom");
    expect(counted).toContain(window.text);
  });

  it("[Q8] holds with a template that adds more for two than for one", async () => {
    const base = await open();
    await storePolicies(
      base,
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`p${at}`, `needle ${at}`])),
    );
    const template = {
      name: "squares",
      version: 2,
      render: (items: readonly { readonly text: string }[]) =>
        items.map(({ text }) => text + " and".repeat(items.length)).join("\n"),
    };
    const window = await base.assemble({ ...ask("needle", 200), template });
    expect(window.items.length).toBeGreaterThan(5);
    expect(tokensOf(window.text)).toBeLessThanOrEqual(200);
  });

  it("[Q8] is refused by name where it is none, and so is everything else that is wrong", async () => {
    const base = await open();
    const wrong: readonly unknown[] = [
      ...[0, -1, Number.NaN, 1e12, 1.5, "100", undefined].map((tokens) => ({
        ...ask("a"),
        budget: { tokens },
      })),
      { ...ask("a"), budget: undefined },
      { ...ask("a"), budget: { tokens: 10, counter: () => 1 } },
      { ...ask("a"), budget: { tokens: 10, count: 3 } },
      { ...ask("a"), budget: { tokens: 10, tokenizer: "gpt9" } },
      { ...ask("a"), sources: [] },
      { ...ask("a"), sources: undefined },
      { ...ask("a"), sources: [undefined] },
      { ...ask("a"), sources: [{}] },
      { ...ask("a"), sources: [{ component: "Policy" }] },
      { ...ask("a"), sources: [{ component: Policy, filter: {} }] },
      { ...ask("a"), sources: [{ component: Policy, where: { "content.x": { $gtt: 1 } } }] },
      { ...ask("a"), sources: [{ component: Policy, limit: 0 }] },
      { ...ask("a"), sources: [{ component: Policy, weight: Number.NaN }] },
      { ...ask("a"), sources: [{ component: Policy, by: "chance" }] },
      { ...ask("a"), sources: Array.from({ length: 17 }, () => ({ component: Policy })) },
      { ...ask("a"), sources: Array.from({ length: 3 }, () => ({ component: Policy, limit: 1_000 })) },
      { ...ask("a"), query: undefined },
      { ...ask("a"), order: "random" },
      { ...ask("a"), template: "xml" },
      { ...ask("a"), template: () => 3 },
      { ...ask("a"), limit: 0 },
      { ...ask("a"), duplicates: 0 },
      { ...ask("a"), duplicates: true },
      { ...ask("a"), budgets: {} },
      undefined,
    ];
    await storePolicies(base, { a: "a b c" });
    for (const options of wrong) {
      await expect(base.assemble(options as never), JSON.stringify(options)).rejects.toMatchObject({
        code: "invalid_argument",
      });
    }
    const long = base.assemble(ask("x".repeat(200_000)));
    await expect(long).rejects.toMatchObject({ code: "too_large" });
    const stopped = base.assemble({ ...ask("a"), signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped).rejects.toThrow("enough");
  });
});
