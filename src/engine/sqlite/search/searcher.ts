import { setImmediate } from "node:timers/promises";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { stopwatch } from "../../../base/clock.ts";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { SearchAnswer } from "../../engine.ts";
import { type Asked, answer } from "./answering.ts";
import { buildDocuments, createPartition, followChanges, followTexts, type Partition } from "./partition.ts";
import { createStoreReader } from "./store-reader.ts";

/** What an engine keeps of each component that was opened, by name. */
export type Indexings = ReadonlyMap<string, Indexing>;

/** Searches a store on a connection that it only reads from. */
export type Searcher = {
  readonly search: (query: Asked) => Promise<SearchAnswer>;
};

type Kept = { readonly partition: Partition; built: boolean; turn: Promise<void> };

const nothingSaved = { blocks: () => [], positions: () => [], termsWith: () => [] };

/** Does work piece by piece, and lets others have their turn after each slice of time. */
const inSlices = async (pieces: Iterable<unknown>): Promise<void> => {
  let begun = stopwatch();
  for (const _ of pieces) {
    if (stopwatch() - begun < limits.searchSliceMilliseconds) continue;
    await setImmediate();
    begun = stopwatch();
  }
};

/** @param indexings the components, as they are at each search */
export const createSearcher = (database: Database, indexings: () => Indexings): Searcher => {
  const reader = createStoreReader(database);
  const kept = new Map<string, Kept>();

  const find = ({ tenant, component }: Asked): Kept => {
    const indexing = indexings().get(component);
    if (!indexing) {
      const message = `${component} was not given when the store was opened, so it cannot be searched.`;
      throw new ContextbaseError("unknown_component", message, { component });
    }
    const name = JSON.stringify([tenant, component]);
    const known = kept.get(name);
    if (known && known.partition.indexing === indexing) return known;
    const partition = createPartition({ tenant, component }, indexing, nothingSaved);
    const made: Kept = { partition, built: false, turn: Promise.resolve() };
    kept.set(name, made);
    return made;
  };

  /** The work that is left until a partition has what stood when this was called. */
  function* pieces(one: Kept, withTexts: boolean): Generator<void> {
    const { partition } = one;
    if (!one.built) yield* buildDocuments(partition, reader);
    one.built = true;
    const { tenant } = partition.key;
    const goal = reader.lastPosition(tenant);
    while (partition.stamp().position < goal) {
      reader.together(() => followChanges(partition, reader, limits.searchReadDocuments));
      yield;
    }
    while (withTexts && !reader.together(() => followTexts(partition, reader, textsAtOnce))) yield;
  }

  const prepare = (one: Kept, withTexts: boolean): Promise<void> => {
    const taken = one.turn.then(() => inSlices(pieces(one, withTexts)));
    one.turn = taken.catch(() => undefined);
    return taken;
  };

  return {
    search: async (query) => {
      const one = find(query);
      await prepare(one, query.text !== undefined);
      const { partition } = one;
      return reader.together(() => {
        followChanges(partition, reader, Number.MAX_SAFE_INTEGER);
        if (query.text) followTexts(partition, reader, Number.MAX_SAFE_INTEGER);
        return answer(query, partition, reader);
      });
    },
  };
};

/** Some milliseconds of work where texts are long. */
const textsAtOnce = 32;
