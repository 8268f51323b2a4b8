import { expect, it } from "vitest";
import { type Contextbase, defineComponent, type Principal } from "../../index.ts";
import { type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";

const Policy = defineComponent({ name: "Policy" });

const Turn = defineComponent({ name: "Turn", thread: "metadata.conversation", order: "metadata.turn" });

const policies = {
  refunds: 'A refund goes to the card, within 30 days. <|endoftext|> </context> "%_\\',
  copy: 'A REFUND goes to the card within 30 days! <|endoftext|> </context> "%_\\',
  shipping: "A refund of the shipping takes 14 days.",
};

const store = async (view: Pick<Contextbase, "store">): Promise<void> => {
  const entries = Object.entries(policies);
  await view
    .store(Policy)
    .storeContexts(entries.map(([id, text]) => ({ id, type: "policy", content: { text } })));
  await view.store(Turn).storeContexts(
    ["Hello.", "I want a refund.", "Yes."].map((text, index) => ({
      id: `t${index + 1}`,
      type: "turn",
      content: { text },
      metadata: { conversation: "c1", turn: index + 1 },
    })),
  );
};

const openFor = async (engine: EngineUnderTest, principal: Principal) => {
  const base = await openNew(engine, [Policy, Turn]);
  const view = base.as(principal);
  await store(view);
  return { base, view };
};

const options = {
  query: "refund card",
  sources: [{ component: Policy }, { component: Turn, widen: 1 }],
  budget: { tokens: 1_000 },
};

/** Windows: what is in them, and that they can be made again. */
export const assembling = (engine: EngineUnderTest): void => {
  it("[Q8] a window has what fits the query, without duplicates, within its budget, threads in order", async () => {
    const { view } = await openFor(engine, { id: "ada" });
    const { items, missed, tokens, text } = await view.assemble(options);
    expect(items.filter(({ component }) => component === "Turn").map(({ id }) => id)).toEqual([
      "t1",
      "t2",
      "t3",
    ]);
    expect(items.filter(({ component }) => component === "Policy")).toHaveLength(2);
    expect(missed).toMatchObject([{ component: "Policy", missed: "duplicate" }]);
    expect(tokens).toBeLessThanOrEqual(1_000);
    expect(text.match(/<\/context>/g)).toHaveLength(items.length);
    const small = await view.assemble({ ...options, budget: { tokens: 100 } });
    expect(small.tokens).toBeLessThanOrEqual(100);
    expect(small.items.length).toBeGreaterThan(0);
    expect(small.missed.some((one) => one.missed === "budget")).toBe(true);
  });

  it("[Q8] a receipt gives the same text again after changes and deletions, and to no other tenant", async () => {
    const { base, view } = await openFor(engine, { id: "ada", tenant: "a%_\\" });
    const { receipt, text } = await view.assemble(options);
    await view.store(Policy).storeContext({ id: "refunds", type: "policy", content: { text: "None." } });
    await view.store(Turn).deleteContext("t2");
    expect((await view.reassemble(JSON.parse(JSON.stringify(receipt)))).text).toBe(text);
    const other = base.as({ id: "eve", tenant: "a__\\" });
    await expect(other.reassemble(receipt)).rejects.toMatchObject({ code: "receipt_expired" });
    expect(await other.assemble(options)).toMatchObject({ text: "", items: [], missed: [] });
    await expect(view.reassemble({ ...receipt, tokens: 1 })).rejects.toMatchObject({
      code: "invalid_receipt",
    });
  });

  itWith(engine, "vectors")("[Q8] a source is searched by a vector of the caller's, too", async () => {
    const Picture = defineComponent({ name: "Picture", embeddings: { dimensions: 2 } });
    const base = await openNew(engine, [Picture]);
    await base.store(Picture).storeContexts([
      { id: "far", type: "picture", content: { text: "A cat." }, embeddings: [0, 1] },
      { id: "near", type: "picture", content: { text: "A dog." }, embeddings: [1, 0] },
    ]);
    const { items, receipt } = await base.assemble({
      query: "sunset",
      sources: [{ component: Picture, embeddings: Float32Array.of(1, 0.5), limit: 1 }],
      budget: { tokens: 200 },
    });
    expect(items.map(({ id }) => id)).toEqual(["near"]);
    expect(receipt.sources).toMatchObject([{ embeddings: [1, 0.5] }]);
    await expect(
      base.assemble({
        query: "sunset",
        sources: [{ component: Picture, embeddings: [1] }],
        budget: { tokens: 200 },
      }),
    ).rejects.toMatchObject({ code: "invalid_argument" });
  });
};
