import { expect, it } from "vitest";
import { type ContextStore, defineComponent, type Hits } from "../../index.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const Note = defineComponent({ name: "Note", searchText: ["content.text"] });
type Notes = ContextStore<typeof Note>;

const note = (id: string, text?: string) => ({
  id,
  type: "note",
  content: text === undefined ? { other: id } : { text },
});

const scoresOf = (hits: Hits<typeof Note>) =>
  hits.map(({ context, why }) => [context.id, Number(why.text?.score.toPrecision(9))]);

const termsOf = async (store: Notes, text: string, asOf?: Date) => {
  const hits = await store.searchContexts({ text, ...(asOf && { asOf }) });
  return Object.fromEntries(hits.map(({ context, why }) => [context.id, why.text?.terms.toSorted()]));
};

/** What words are worth, and what prefixes and phrases come to. */
export const searchingWords = (engine: EngineUnderTest): void => {
  it("[Q5, V7] contexts without a text, or without a word in it, do not count in what words are worth", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Note], { clock })).store(Note);
    const textOf = (number: number): string =>
      `${number < 6 ? "red" : "blue"} ${number % 5 === 3 ? "green " : ""}${"filler ".repeat(number)}`;
    await store.storeContexts(Array.from({ length: 10 }, (_, number) => note(`t${number}`, textOf(number))));
    const search = { text: "red green", limit: 20 } as const;
    const alone = scoresOf(await store.searchContexts(search));
    expect(alone).toHaveLength(7);
    const none = (number: number): string | undefined => [undefined, "", "… - !"][number % 3];
    await store.storeContexts(Array.from({ length: 90 }, (_, number) => note(`n${number}`, none(number))));
    expect(scoresOf(await store.searchContexts(search))).toEqual(alone);
    clock.advance(1_000);
    const asOf = new Date(clock() - 1);
    await store.storeContexts([note("n0", "red pear"), note("n1", "green pear"), note("t8")]);
    expect(scoresOf(await store.searchContexts(search))).toHaveLength(8);
    expect(scoresOf(await store.searchContexts({ ...search, asOf }))).toEqual(alone);
    await store.storeContexts([note("n0"), note("n1", "?"), note("t8", textOf(8))]);
    await store.deleteContext("n2");
    expect(scoresOf(await store.searchContexts(search))).toEqual(alone);
  });

  it("[Q3, V7] a hit tells of a prefix as it was asked for, and of a word by its term", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Note], { clock })).store(Note);
    await store.storeContexts([
      note("a", "apples grow"),
      note("b", "apricots, apes and apples"),
      note("v", "v1.2"),
    ]);
    const cases: [text: string, terms: object][] = [
      ["ap*", { a: ["ap*"], b: ["ap*"] }],
      ["AP* grown", { a: ["ap*", "grow"], b: ["ap*"] }],
      ["v*", { v: ["v*"] }],
    ];
    clock.advance(1_000);
    for (const asOf of [undefined, new Date(clock() - 1)])
      for (const [text, terms] of cases)
        expect([text, await termsOf(store, text, asOf)]).toEqual([text, terms]);
  });

  it("[Q3, V7] a prefix finds every word that begins so, however many there are", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Note], { clock })).store(Note);
    const count = 1_500;
    const word = (number: number): string => `pfx${String(number).padStart(4, "0")}`;
    await store.storeContexts(
      Array.from({ length: count }, (_, number) =>
        note(word(number), `${word(number)} ${word(count - number)}`),
      ),
    );
    const last = word(count - 1);
    clock.advance(1_000);
    for (const asOf of [undefined, new Date(clock() - 1)]) {
      const search = { text: "pfx*", where: { id: last }, ...(asOf && { asOf }) };
      expect((await store.searchContexts(search)).map(({ context }) => context.id)).toEqual([last]);
    }
  });

  it("[Q10] a snippet shows a phrase of the query, wherever its words stand as well", async () => {
    const store = (await openNew(engine, [Note])).store(Note);
    const filler = "filler ".repeat(100);
    await store.storeContext(
      note("far", `red things and then apples too. ${filler} here are Red Apples. ${filler}`),
    );
    const marked = async (text: string): Promise<(string | undefined)[]> => {
      const [hit] = await store.searchContexts({ text });
      return (hit?.snippet?.marks ?? []).map(([start, end]) => hit?.snippet?.text.slice(start, end));
    };
    expect(await marked('"red apples"')).toEqual(["Red", "Apples"]);
    expect(await marked('"red apples" things too')).toEqual(["Red", "Apples"]);
    expect(await marked("red apples")).toEqual(["red", "apples"]);
  });
};
