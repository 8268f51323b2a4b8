import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Contextbase, type ContextOf, defineComponent } from "contextbase";
import { expect } from "vitest";

/** The component of `store-process.ts`, which declares nothing. */
export const Thing = defineComponent({ name: "Thing" });

/** One with everything that a search file can hold. */
export const Fact = defineComponent({
  name: "Fact",
  embeddings: { dimensions: 4 },
  indexes: ["metadata.group"],
});

export type Searched = typeof Thing | typeof Fact;

const topics = 7;

/** The nth context in one of its versions: a word that it has alone, one of its topic, one of its version. */
export const factOf = (n: number, version: string) => ({
  id: `f${n}`,
  type: "t",
  content: { text: `own${n}x topic${n % topics}x version${version}x` },
  metadata: { group: n % topics },
});

/** Directions that differ by `n`. */
export const vectorOf = (n: number): number[] => [Math.cos(n), Math.sin(n), 0.1, (n % 11) - 5];

const readAll = async <C extends Searched>(base: Contextbase, component: C): Promise<ContextOf<C>[]> => {
  const all: ContextOf<C>[] = [];
  let cursor: string | undefined;
  do {
    const page = await base.store(component).listContexts({ limit: 1_000, cursor });
    all.push(...page.contexts);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
};

const wordsOf = ({ content }: { readonly content: unknown }): string[] =>
  String((content as { text?: unknown }).text).split(" ");

/** Searches for words that stand in what the store has, and expects to find exactly who has them. */
export const expectSearchesRight = async (base: Contextbase, component: Searched): Promise<void> => {
  const all = await readAll(base, component);
  const byWord = new Map<string, string[]>();
  for (const context of all)
    for (const word of wordsOf(context)) byWord.set(word, [...(byWord.get(word) ?? []), context.id]);
  const common = [...byWord.keys()].filter((word) => !word.startsWith("own"));
  const own = [...byWord.keys()].filter((word, index) => word.startsWith("own") && index % 97 === 0);
  for (const word of [...common, ...own, "nobodyhasthis"]) {
    const found = await base.store(component).searchContexts({ text: word, embeddings: [], limit: 1_000 });
    const expected = byWord.get(word) ?? [];
    expect(found.length, word).toBe(Math.min(expected.length, 1_000));
    const missing = found.filter(({ context }) => !expected.includes(context.id));
    expect(
      missing.map(({ context }) => context.id),
      word,
    ).toEqual([]);
  }
  if (component.name === "Fact") await expectVectorsRight(base, all);
};

const expectVectorsRight = async (
  base: Contextbase,
  all: readonly { id: string; embeddings: Float32Array; metadata: unknown }[],
): Promise<void> => {
  for (const context of all.filter((_, index) => index % 131 === 0)) {
    const { group } = context.metadata as { group: number };
    const [hit] = await base
      .store(Fact)
      .searchContexts({ embeddings: context.embeddings, where: { "metadata.group": group }, limit: 1 });
    // Several may have one direction.
    expect(hit?.why.vector?.similarity).toBeGreaterThan(0.999_99);
    expect(hit?.context.metadata).toEqual({ group });
  }
};

/** Stores the nth to the mth in a version, with vectors where the component has them. */
export const storeFacts = async (
  base: Contextbase,
  component: Searched,
  [from, to]: readonly [number, number],
  version: string,
): Promise<void> => {
  const facts = Array.from({ length: to - from }, (_, index) => ({
    ...factOf(from + index, version),
    ...(component.name === "Fact" && { embeddings: vectorOf(from + index) }),
  }));
  await base.store(component).storeContexts(facts);
};

/** Searches, and waits until the search file holds something. */
export const searchUntilSaved = async (
  base: Contextbase,
  component: Searched,
  path: string,
): Promise<void> => {
  await base.store(component).searchContexts({ text: "topic1x", embeddings: [] });
  const search = `${path}-search`;
  for (let waited = 0; waited < 200; waited++) {
    const log = `${search}-wal`;
    if (existsSync(log) && statSync(log).size > 200_000) break;
    await sleep(50);
  }
  // What is being saved is done soon.
  await sleep(200);
};
