import { defineComponent, openContextbase, type Render, templates } from "contextbase";
import { describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../src/base/canonical-json.ts";
import { ask, idsOf, open, Policy, storePolicies, storeTurns, Turn } from "./fixture.ts";

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const assembled = async () => {
  const base = await open();
  await storePolicies(base, { a: "needle one", b: "needle two", c: "needle three" });
  await storeTurns(base, "c1", ["needle", "yes", "no"]);
  const window = await base.assemble({
    query: "needle",
    sources: [
      { component: Policy, where: { createdAt: { $gt: new Date(0) } } },
      { component: Turn, widen: 2 },
    ],
    budget: { tokens: 1_000 },
  });
  return { base, window };
};

describe("a receipt", () => {
  it("[Q8] gives the very same text again, through JSON, after everything was changed or deleted", async () => {
    const { base, window } = await assembled();
    expect(window.items.length).toBe(6);
    await storePolicies(base, { a: "needle changed", d: "needle four" });
    await base.store(Policy).deleteContext("b");
    await storeTurns(base, "c1", ["needle!", "yes!", "no!"]);
    const again = await base.reassemble(throughJson(window.receipt));
    expect(again).toEqual({
      text: window.text,
      tokens: window.tokens,
      items: window.items.map(({ component, id, version }) => ({ component, id, version })),
    });
    const anew = await base.assemble(ask("needle"));
    expect(anew.text).not.toBe(window.text);
    expect(anew.receipt.hash).not.toBe(window.receipt.hash);
  });

  it("[Q8] is the same for the same window, and another one where anything differs", async () => {
    const { base } = await assembled();
    const hashOf = async (options: object): Promise<string> =>
      (await base.assemble({ ...ask("needle"), ...options })).receipt.hash;
    const first = await hashOf({});
    expect(await hashOf({})).toBe(first);
    const others = await Promise.all([
      hashOf({ query: "needle " }),
      hashOf({ budget: { tokens: 1_999 } }),
      hashOf({ budget: { tokens: 2_000, tokenizer: "cl100k_base" } }),
      hashOf({ template: templates.plain }),
      hashOf({ order: "time" }),
      hashOf({ duplicates: 1 }),
      hashOf({ sources: [{ component: Policy, limit: 49 }] }),
    ]);
    expect(new Set([first, ...others]).size).toBe(8);
  });

  it("[Q8] is refused where any of it was changed", async () => {
    const { base, window } = await assembled();
    const { receipt } = window;
    const [item, ...rest] = receipt.items;
    const changed: readonly unknown[] = [
      { ...receipt, query: "other" },
      { ...receipt, tokens: 1 },
      { ...receipt, text: sha256("other") },
      { ...receipt, hash: sha256("other") },
      { ...receipt, items: rest },
      { ...receipt, items: [...rest, item] },
      { ...receipt, items: [{ ...item, version: 2 }, ...rest] },
      { ...receipt, template: { name: "plain", version: 1 } },
      { ...receipt, more: true },
      { ...receipt, version: 2 },
      { ...receipt, hash: undefined },
      {},
      [],
      null,
      undefined,
      "receipt",
      { hash: sha256(canonicalJson({ version: 1 })), version: 1 },
    ];
    for (const one of changed) {
      const refused = expect(base.reassemble(one), JSON.stringify(one));
      await refused.rejects.toMatchObject({ code: "invalid_receipt" });
    }
    const misspelled = base.reassemble(receipt, { templates: templates.xml } as never);
    await expect(misspelled).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("[Q8] that was made up gives nothing that was not rendered: the hashes of contexts and text are checked", async () => {
    const { base, window } = await assembled();
    const forge = (change: object): unknown => {
      const { hash: _, ...facts } = { ...window.receipt, ...change };
      return { ...facts, hash: sha256(canonicalJson(facts)) };
    };
    const forgeries: readonly (readonly [object, string])[] = [
      [{ text: sha256("other") }, "receipt_differs"],
      [{ items: window.receipt.items.slice(1) }, "receipt_differs"],
      [{ items: window.receipt.items.map((item) => ({ ...item, hash: sha256("") })) }, "receipt_differs"],
      [{ items: window.receipt.items.map((item) => ({ ...item, version: 9 })) }, "receipt_expired"],
      [{ items: window.receipt.items.map((item) => ({ ...item, component: "Other" })) }, "unknown_component"],
    ];
    for (const [change, code] of forgeries) {
      await expect(base.reassemble(forge(change))).rejects.toMatchObject({ code });
    }
  });

  it("[Q8] of a template of the caller's own wants it again, and tells where it is another one", async () => {
    const { base } = await assembled();
    const render: Render = (items) => items.map(({ text }) => text).join("\n");
    const mine = { name: "mine", version: 1, render };
    const window = await base.assemble({ ...ask("needle"), template: mine });
    expect(window.text.split("\n").toSorted()).toEqual(["needle one", "needle three", "needle two"]);
    const { receipt } = window;
    expect((await base.reassemble(receipt, { template: mine })).text).toBe(window.text);
    await expect(base.reassemble(receipt)).rejects.toMatchObject({ code: "invalid_argument" });
    const others = [templates.xml, { ...mine, version: 2 }, { ...mine, render: () => "other" }, render];
    for (const template of others) {
      const refused = base.reassemble(receipt, { template });
      await expect(refused).rejects.toMatchObject({ code: "receipt_differs" });
    }
    const bare = await base.assemble({ ...ask("needle"), template: render });
    expect((await base.reassemble(bare.receipt, { template: render })).text).toBe(window.text);
  });

  it("[Q8] does not need the tokenizer or the count that made it", async () => {
    const { base } = await assembled();
    const window = await base.assemble({
      ...ask("needle"),
      budget: { tokens: 400, count: (text) => text.length },
    });
    expect(idsOf(window.items).length).toBeGreaterThan(0);
    expect((await base.reassemble(window.receipt)).text).toBe(window.text);
  });

  it("[Q8] names components, and one that is not there is told", async () => {
    const { window } = await assembled();
    const Other = defineComponent({ name: "Other" });
    const base = await openContextbase({ url: ":memory:", components: [Other] });
    const refused = base.reassemble(window.receipt);
    await expect(refused).rejects.toMatchObject({ code: "unknown_component" });
    const unknown = base.assemble({ ...ask("needle"), sources: [{ component: Policy }] });
    await expect(unknown).rejects.toMatchObject({ code: "unknown_component" });
    await base.close();
  });
});
