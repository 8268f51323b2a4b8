import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Contextbase, type ContextOf, defineComponent } from "contextbase";

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

/** What searches for words and vectors that stand in the store find wrong, in words; none where all is right. */
export const searchProblems = async (base: Contextbase, component: Searched): Promise<string[]> => {
  const all = await readAll(base, component);
  const byWord = new Map<string, string[]>();
  for (const context of all)
    for (const word of wordsOf(context)) byWord.set(word, [...(byWord.get(word) ?? []), context.id]);
  const common = [...byWord.keys()].filter((word) => !word.startsWith("own"));
  const own = [...byWord.keys()].filter((word, index) => word.startsWith("own") && index % 97 === 0);
  const problems: string[] = [];
  for (const word of [...common, ...own, "nobodyhasthis"]) {
    const found = await base.store(component).searchContexts({ text: word, embeddings: [], limit: 1_000 });
    const expected = new Set(byWord.get(word));
    if (found.length !== Math.min(expected.size, 1_000))
      problems.push(`${word} finds ${found.length} of ${expected.size}`);
    for (const { context } of found)
      if (!expected.has(context.id)) problems.push(`${word} finds ${context.id}, which does not have it`);
  }
  return component.name === "Fact" ? [...problems, ...(await vectorProblems(base, all))] : problems;
};

const vectorProblems = async (
  base: Contextbase,
  all: readonly { id: string; embeddings: Float32Array; metadata: unknown }[],
): Promise<string[]> => {
  const problems: string[] = [];
  for (const { id, embeddings, metadata } of all.filter((_, index) => index % 131 === 0)) {
    const { group } = metadata as { group: number };
    const where = { "metadata.group": group };
    const [hit] = await base.store(Fact).searchContexts({ embeddings, where, limit: 1 });
    // Several may have one direction.
    const similarity = hit?.why.vector?.similarity ?? 0;
    if (similarity < 0.999_99) problems.push(`the nearest to ${id} is similar by ${similarity}`);
    if ((hit?.context.metadata as { group?: number } | undefined)?.group !== group)
      problems.push(`the nearest to ${id} is of another group`);
  }
  return problems;
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
