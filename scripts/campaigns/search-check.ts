import type { ContextOf, Hit, SearchOptions } from "../../src/index.ts";
import type { Random } from "./random.ts";
import { type Fact, numberOf, type State, sharedWords, stateOf, vectorOf } from "./search-states.ts";
import type { Ledger } from "./search-writers.ts";

/** A search, with what its hits must be. */
export type Check = {
  readonly options: SearchOptions;
  readonly fits: (state: State) => boolean;
  /** The id that must be among the hits, unless it was written meanwhile. */
  readonly sought: number | undefined;
};

const limit = 10;

/** A search of one of the kinds that there are. */
export const chooseCheck = (random: Random, seed: number, { acknowledged }: Ledger): Check => {
  const id = random.below(acknowledged.length);
  const version = acknowledged[id] ?? 1;
  const { deleted, ownWord, bucket } = stateOf(seed, id, version);
  const sought = deleted ? undefined : id;
  const embeddings = vectorOf(seed, id, version);
  const word = random.pick(sharedWords);
  const where = { "metadata.bucket": bucket };
  const any = (): boolean => true;
  const inBucket = (one: State): boolean => one.bucket === bucket;
  const checks: readonly Check[] = [
    { options: { text: ownWord, embeddings: [] }, fits: (one) => one.ownWord === ownWord, sought },
    { options: { text: word, embeddings: [] }, fits: (one) => one.sharedWord === word, sought: undefined },
    {
      options: { text: word, embeddings: [], where },
      fits: (one) => one.sharedWord === word && inBucket(one),
      sought: undefined,
    },
    { options: { embeddings }, fits: any, sought },
    { options: { embeddings, where }, fits: inBucket, sought },
    { options: { text: ownWord, embeddings, where }, fits: inBucket, sought },
  ];
  const check = random.pick(checks);
  return { ...check, options: { ...check.options, limit } };
};

/** How much of a cosine may be lost by rounding. */
const rounding = 1e-4;

const cosine = (one: Float32Array, other: ArrayLike<number>): number => {
  let [sum, squares, otherSquares] = [0, 0, 0];
  for (const [at, value] of one.entries()) {
    sum += value * (other[at] ?? 0);
    squares += value ** 2;
    otherSquares += (other[at] ?? 0) ** 2;
  }
  return sum / Math.sqrt(squares * otherSquares);
};

/** What is wrong with hits, in words. @param before the acknowledged versions when the search was called */
export const violationsOf = (
  { options, fits, sought }: Check,
  hits: readonly Hit<typeof Fact>[],
  seed: number,
  before: Int32Array,
  { begun }: Ledger,
): string[] => {
  const violations = hits.flatMap((hit) => {
    const { id: name, version, content, metadata, embeddings }: ContextOf<typeof Fact> = hit.context;
    const id = numberOf(name);
    const state = stateOf(seed, id, version);
    const told = hit.why.vector?.similarity;
    const asked = options.embeddings;
    const wrong = [
      ...(version < (before[id] ?? 0) ? [`superseded or deleted by version ${before[id]}`] : []),
      ...(state.deleted ? ["deleted"] : []),
      ...(content.text.startsWith(`${state.ownWord} `) && metadata.bucket === state.bucket
        ? []
        : ["of another version's content"]),
      ...(fits(state) ? [] : ["not what was searched for"]),
      ...(told === undefined || !asked || Math.abs(told - cosine(embeddings, asked)) < rounding
        ? []
        : [`similar by ${told}, which it is not`]),
    ];
    return wrong.map((what) => `${name} version ${version} is ${what}`);
  });
  const untouched = (id: number): boolean => before[id] === begun[id];
  if (
    sought !== undefined &&
    untouched(sought) &&
    !hits.some(({ context }) => numberOf(context.id) === sought)
  )
    violations.push(`fact-${sought} version ${before[sought]} was not found`);
  let fitting = 0;
  for (const [id, version] of before.entries()) {
    if (fitting === limit) break;
    const state = stateOf(seed, id, version);
    if (untouched(id) && !state.deleted && fits(state)) fitting++;
  }
  if (hits.length < fitting) violations.push(`${hits.length} hits, where ${fitting} were there all the time`);
  return violations;
};
