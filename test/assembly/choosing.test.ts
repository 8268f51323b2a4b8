import { describe, expect, it } from "vitest";
import { ask, idsOf, open, Policy, storePolicies, storeTurns, Turn, tokensOf } from "./fixture.ts";

const refunds = {
  refunds: "A purchase is refunded to the card that it was paid with, if it is sent back in its box.",
  shipping: "Parcels leave the warehouse on the next working day. Refunds take three days.",
  privacy: "An account is deleted with all its data.",
};

describe("what assemble chooses", () => {
  it("[Q8] is what fits the query, best first, with version, score, tokens and reason", async () => {
    const base = await open();
    await storePolicies(base, refunds);
    const { items, missed, text, tokens } = await base.assemble(ask("refunds, purchase, box"));
    expect(idsOf(items)).toEqual(["refunds", "shipping"]);
    expect(missed).toEqual([]);
    const [first] = items;
    expect(first).toMatchObject({ component: "Policy", version: 1, reasons: [{ source: 0, rank: 1 }] });
    expect(first?.reasons[0]?.why?.text?.terms.length).toBeGreaterThan(0);
    expect(first?.score).toBeGreaterThan(items[1]?.score ?? 1);
    expect(first?.tokens).toBeGreaterThan(20);
    expect(tokens).toBe(tokensOf(text));
    expect(text).toContain(refunds.refunds);
  });

  it("[Q8] is nothing where nothing fits, or not even one fits into the budget", async () => {
    const base = await open();
    await storePolicies(base, refunds);
    expect(await base.assemble(ask("zebra"))).toMatchObject({ text: "", tokens: 0, items: [], missed: [] });
    const small = await base.assemble(ask("refunds", 10));
    expect(small).toMatchObject({ text: "", tokens: 0, items: [] });
    expect(small.missed).toHaveLength(2);
    expect(small.missed[0]).toMatchObject({ id: "shipping", version: 1, missed: "budget" });
  });

  it("[Q8] passes over what does not fit for what does", async () => {
    const base = await open();
    await storePolicies(base, { large: `refund ${"refund box ".repeat(400)}`, small: "A refund in a box." });
    const { items, missed } = await base.assemble(ask("refund box", 100));
    expect(idsOf(items)).toEqual(["small"]);
    expect(missed).toMatchObject([{ id: "large", missed: "budget" }]);
  });

  it("[Q8] leaves out what says the same as a better one, and tells as which", async () => {
    const base = await open();
    await storePolicies(base, {
      ...refunds,
      copy: refunds.refunds.toUpperCase().replace(",", "  –"),
      thirty: `${refunds.refunds} That is 30 days.`,
      fourteen: `${refunds.refunds} That is 14 days.`,
    });
    const { items, missed } = await base.assemble(ask("purchase refunded card"));
    expect(idsOf(items)).toEqual(expect.arrayContaining(["thirty", "fourteen"]));
    const [duplicate] = missed;
    expect(missed).toHaveLength(1);
    expect([duplicate?.id, duplicate?.duplicateOf?.id].sort()).toEqual(["copy", "refunds"]);
    expect(duplicate).toMatchObject({
      missed: "duplicate",
      duplicateOf: { component: "Policy", version: 1 },
    });
    const all = await base.assemble({ ...ask("purchase refunded card"), duplicates: false });
    expect(all.items).toHaveLength(5);
  });

  it("[Q8] is no more than the limit", async () => {
    const base = await open();
    await storePolicies(base, refunds);
    const { items, missed } = await base.assemble({ ...ask("refunds, purchase"), limit: 1 });
    expect(items).toHaveLength(1);
    expect(missed).toMatchObject([{ missed: "limit" }]);
  });

  it("[Q8] comes of several sources, ranked together by weight, each context once with all its reasons", async () => {
    const base = await open();
    await storePolicies(base, refunds);
    await storeTurns(base, "c1", ["May I have a refund?", "Which card did you use?"]);
    const sources = [
      { component: Policy, where: { id: "refunds" } },
      { component: Policy },
      { component: Turn, by: "newest" as const, weight: 9 },
    ];
    const { items } = await base.assemble({
      query: "refunds",
      sources,
      budget: { tokens: 500 },
      order: "relevance",
    });
    expect(idsOf(items).slice(0, 2)).toEqual(["c1-2", "c1-1"]);
    const both = items.find(({ id }) => id === "refunds");
    expect(both?.reasons.map(({ source }) => source)).toEqual([0, 1]);
    expect(new Set(idsOf(items)).size).toBe(items.length);
  });

  it("[Q8] keeps tenants apart", async () => {
    const base = await open();
    const other = base.as({ id: "eve", tenant: "other" });
    await storePolicies(base, { mine: "Our refund takes days." });
    await storePolicies(other, { theirs: "Their refund takes weeks." });
    const mine = await base.assemble(ask("refund"));
    const theirs = await other.assemble(ask("refund"));
    expect([idsOf(mine.items), idsOf(theirs.items)]).toEqual([["mine"], ["theirs"]]);
    await expect(other.reassemble(mine.receipt)).rejects.toMatchObject({ code: "receipt_expired" });
  });
});

describe("the order of a window", () => {
  const conversation = ["I want a refund.", "Yes.", "Which card?", "Yes.", "The refund is on its way."];

  it("[Q8] is that of the thread, so that a conversation reads as it was; a repeated word is no duplicate", async () => {
    const base = await open();
    await storeTurns(base, "c1", conversation);
    await storePolicies(base, { policy: "Something else about a refund." });
    const { items, text } = await base.assemble({
      query: "refund on its way",
      sources: [{ component: Turn, widen: 4 }, { component: Policy }],
      budget: { tokens: 2_000 },
    });
    const turns = idsOf(items.filter(({ component }) => component === "Turn"));
    expect(turns).toEqual(["c1-1", "c1-2", "c1-3", "c1-4", "c1-5"]);
    expect(text.indexOf("I want a refund")).toBeLessThan(text.indexOf("Which card"));
    const beside = items.find(({ id }) => id === "c1-2");
    expect(beside?.reasons[0]).toMatchObject({ source: 0, neighbourOf: expect.stringMatching(/^c1-/) });
  });

  it("[Q8] is that of time, or of relevance, where it is asked for", async () => {
    const base = await open();
    await storePolicies(base, { b: "refund refund box" });
    await storePolicies(base, { a: "refund box, and much else that has nothing to do with it" });
    await storePolicies(base, { b: "refund refund box box" });
    const byTime = await base.assemble({ ...ask("refund box"), order: "time" });
    expect(idsOf(byTime.items)).toEqual(["a", "b"]);
    const byRelevance = await base.assemble({ ...ask("refund box"), order: "relevance" });
    expect(idsOf(byRelevance.items)).toEqual(["b", "a"]);
  });

  it("[Q8] is by time that in which a batch was stored, although all of it has one time", async () => {
    const base = await open();
    await storePolicies(base, { one: "The first.", two: "The second.", three: "The third." });
    await storeTurns(base, "c1", ["Refund?", "Which refund?", "The refund of the box, the refund box."]);
    const newest = { query: "", budget: { tokens: 2_000 }, order: "time" } as const;
    const listed = await base.assemble({ ...newest, sources: [{ component: Policy, by: "newest" }] });
    expect(idsOf(listed.items)).toEqual(["one", "two", "three"]);
    const found = await base.assemble({ ...newest, query: "refund box", sources: [{ component: Turn }] });
    expect(idsOf(found.items)).toEqual(["c1-1", "c1-2", "c1-3"]);
  });
});
