import { expect, it } from "vitest";
import { type ContextStore, defineComponent } from "../../index.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const Turn = defineComponent({
  name: "Turn",
  searchText: ["content.text"],
  thread: "metadata.conversation",
  order: "metadata.turn",
});
type Turns = ContextStore<typeof Turn>;

type Metadata = Readonly<Record<string, string | number | null | boolean>>;

const say = (id: string, text: string | undefined, metadata: Metadata) => ({
  id,
  type: "turn",
  content: text === undefined ? {} : { text },
  metadata: { conversation: "c", ...metadata },
});

const scoresOf = async (store: Turns, text: string, asOf?: Date) => {
  const hits = await store.searchContexts({ text, ...(asOf && { asOf }) });
  return hits.map(({ context, why }) => [context.id, Number(why.text?.score.toPrecision(9))]);
};

/** The hit of one id, with its neighbours. */
const around = async (store: Turns, id: string, widen: number, asOf?: Date) => {
  const [hit] = await store.searchContexts({ text: "said", where: { id }, widen, ...(asOf && { asOf }) });
  return [hit?.before, hit?.after].map((side) => side?.map((context) => context.id));
};

/** Contexts that follow each other in threads. */
export const searchingThreads = (engine: EngineUnderTest): void => {
  it("[Q7, V7] neighbours follow the thread's order: other kinds of values too, equal ones as they were first written", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Turn], { clock })).store(Turn);
    const turns: readonly [id: string, metadata: Metadata][] = [
      ["one", { turn: 1 }],
      ["text", { turn: "5" }],
      ["equal", { turn: 3 }],
      ["twin", { turn: 3 }],
      ["third", { turn: 3 }],
      ["two", { turn: 2 }],
      ["four", { turn: 4 }],
      ["null", { turn: null }],
      ["none", {}],
    ];
    await store.storeContexts(turns.map(([id, metadata]) => say(id, `said by ${id}`, metadata)));
    await store.storeContext(say("other", "said elsewhere", { conversation: "d", turn: 3 }));
    await store.storeContext(say("equal", "said again", { turn: 3 }));
    const order = ["none", "null", "one", "two", "equal", "twin", "third", "four", "text"];
    clock.advance(1_000);
    for (const asOf of [undefined, new Date(clock() - 1)]) {
      for (const [at, id] of order.entries()) {
        for (const widen of [1, 2, 20]) {
          const sides = [order.slice(Math.max(0, at - widen), at), order.slice(at + 1, at + 1 + widen)];
          expect([id, widen, await around(store, id, widen, asOf)]).toEqual([id, widen, sides]);
        }
      }
      expect(await around(store, "other", 3, asOf)).toEqual([[], []]);
    }
  });

  it("[Q7, S5] neighbours are what stands around a hit, whether or not they fit its filter; never another tenant's", async () => {
    const base = await openNew(engine, [Turn]);
    const [a, b] = ["a", "b"].map((tenant) => base.as({ id: "x", tenant }).store(Turn));
    if (!a || !b) throw new Error("Two tenants are needed.");
    await a.storeContexts([
      say("a1", "said first", { turn: 1, open: false }),
      say("a2", "said second", { turn: 2, open: true }),
    ]);
    await b.storeContexts([1, 2, 3].map((turn) => say(`b${turn}`, "said by others", { turn })));
    const [hit, ...rest] = await a.searchContexts({
      text: "said",
      where: { "metadata.open": true },
      widen: 9,
    });
    expect(rest).toEqual([]);
    expect(hit?.before?.map(({ id }) => id)).toEqual(["a1"]);
    expect(hit?.after).toEqual([]);
  });

  it("[Q7, V7] what ties in a thread's order keeps its place in it when it is stored again", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Turn], { clock })).store(Turn);
    const texts = ["one telescope", "two", "three", "four", "five", "six"];
    const turns = texts.map((text, at) => say(`t${at}`, text, { turn: 7 }));
    await store.storeContexts(turns);
    const before = await scoresOf(store, "telescope");
    expect(before.map(([id]) => id)).toEqual(["t0", "t1", "t2"]);
    await store.storeContexts(turns.slice(0, 1));
    expect(await scoresOf(store, "telescope")).toEqual(before);
    await store.deleteContext("t0");
    await store.storeContexts(turns.slice(0, 1));
    expect(await scoresOf(store, "telescope")).toEqual(before);
    clock.advance(1_000);
    expect(await scoresOf(store, "telescope", new Date(clock() - 1))).toEqual(before);
  });

  it("[Q7, V7] a context without a text stands between its neighbours, and is found by what they lend it", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Turn], { clock })).store(Turn);
    await store.storeContexts([
      say("t1", "Where is the telescope?", { turn: 1 }),
      say("t2", undefined, { turn: 2, image: true }),
      say("t3", "So there.", { turn: 3 }),
      say("t4", "Indeed.", { turn: 4 }),
    ]);
    const found = await scoresOf(store, "telescope");
    expect(found.map(([id]) => id).toSorted()).toEqual(["t1", "t2", "t3"]);
    expect(await scoresOf(store, '"the telescope"')).toHaveLength(1);
    clock.advance(1_000);
    expect(await scoresOf(store, "telescope", new Date(clock() - 1))).toEqual(found);
  });
};
