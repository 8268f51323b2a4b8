import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError, closedError } from "../../../../base/errors.ts";
import type { Indexing } from "../../../../model/indexing.ts";
import type { Key, SearchAnswer } from "../../../engine.ts";
import type { StoreFile } from "../../connection/store-file.ts";
import { mayPass } from "../file/passing.ts";
import { removeSearchFile } from "../file/search-file.ts";
import { createSearchIndex, type SearchIndex } from "../file/search-index.ts";
import { createKept } from "../partition/kept-partition.ts";
import { createKnownPartitions, type Known } from "../partition/known-partitions.ts";
import { followChanges, followTexts } from "../partition/partition.ts";
import { createStoreReader, isSameMoment } from "../store/store-reader.ts";
import { type Asked, answer } from "./answering.ts";
import { createUpkeep, type Upkeep } from "./upkeep.ts";

/** What an engine keeps of each component that was opened, by name. */
export type Indexings = ReadonlyMap<string, Indexing>;

/** Searches a store on a connection that it only reads from, by means of a search file. */
export type Searcher = Upkeep & {
  readonly search: (query: Asked) => Promise<SearchAnswer>;
  /** Answers at once, unless something was written since the last search. It fails as what it reads does. */
  readonly answer: (query: Asked) => SearchAnswer | undefined;
  /** From now on `follow` takes in what is written of a component, as if it had been searched by text. */
  readonly expect: (key: Key) => void;
  /** How many contexts of a component are known; 0 before it was searched. */
  readonly documents: (key: Key) => number;
  /** Drops what is known of a component. */
  readonly forget: (key: Key) => void;
  readonly close: () => void;
};

/** Whether it may come of a search file that is damaged: what is said in words does not, nor what passes. */
const mayBeTheFile = (cause: unknown): boolean => !(cause instanceof ContextbaseError) && !mayPass(cause);

/** What the search file would hold, where nothing is to be had of the file. */
const inMemory: StoreFile = { path: ":memory:", key: undefined };

/**
 * @param indexings the components, as they are at each search
 * @param brings whether contexts come along where a search wants them: not where they would have to travel
 */
export const createSearcher = (
  database: Database,
  file: StoreFile,
  indexings: () => Indexings,
  brings: boolean,
): Searcher => {
  const reader = createStoreReader(database);
  let index: SearchIndex | undefined;
  let closed = false;
  let discarded = 0;
  const partitions = createKnownPartitions();

  const use = (key: Key): Known => {
    const indexing = indexings().get(key.component);
    if (!indexing) {
      const message = `${key.component} was not given when the store was opened, so it cannot be searched.`;
      throw new ContextbaseError("unknown_component", message, { component: key.component });
    }
    return partitions.use(key, indexing, () => {
      index ??= createSearchIndex(discarded > 1 ? inMemory : file);
      const { tenant, component } = key;
      return createKept({ tenant, component }, indexing, reader, index);
    });
  };

  /** Nothing has to be followed where nothing was written since: most searches of a store that is read a lot. */
  const isCurrent = ({ kept, current }: Known, withTexts: boolean): boolean =>
    current?.partition === kept.partition() &&
    (current.withTexts || !withTexts) &&
    isSameMoment(current.at, reader.moment());

  const follow = (known: Known, withTexts: boolean): void => {
    const partition = known.kept.partition();
    const at = reader.moment();
    followChanges(partition, reader, Number.MAX_SAFE_INTEGER);
    if (withTexts) followTexts(partition, reader, Number.MAX_SAFE_INTEGER);
    known.current = { partition, at, withTexts };
  };

  /**
   * @param follows whether to take in first what was written
   * @returns undefined where that is due, or the search file has another state than the partition counts on
   */
  const answerNow = (query: Asked, known: Known, follows: boolean): SearchAnswer | undefined =>
    reader.together(() => {
      const withTexts = query.text !== undefined;
      if (follows) follow(known, withTexts);
      else if (!isCurrent(known, withTexts)) return undefined;
      const partition = known.kept.partition();
      if (!withTexts || !index) return answer(query, partition, reader, brings);
      const { partitions: saved, together } = index;
      return together(() => {
        const mark = partition.mark();
        return mark && !saved.has(mark.partition) ? undefined : answer(query, partition, reader, brings);
      });
    });

  const searchOnce = async (query: Asked): Promise<SearchAnswer> => {
    for (;;) {
      const known = use(query);
      const withTexts = query.text !== undefined;
      known.withTexts ||= withTexts;
      const now = answerNow(query, known, false);
      if (now) return now;
      await known.kept.prepare(withTexts);
      const found = answerNow(query, known, true);
      if (found) return found;
      partitions.forget(known);
    }
  };

  /** Begins anew without what may be damaged, unless that was done. */
  const discard = (used: SearchIndex | undefined): void => {
    if (index !== used) return;
    partitions.clear();
    index?.close();
    index = undefined;
    discarded++;
    try {
      removeSearchFile(file);
    } catch {
      discarded++;
    }
  };

  /** A failure after the closing is one of it. */
  const check = (): void => {
    if (closed) throw closedError();
  };

  const upkeep = createUpkeep(
    partitions,
    () => index,
    // What is wrong with the store is told to who searches next.
    (used, cause) => {
      if (!closed && mayBeTheFile(cause)) discard(used);
    },
  );

  return {
    ...upkeep,
    search: async (query) => {
      for (let attempt = 1; ; attempt++) {
        check();
        const used = index;
        try {
          return await searchOnce(query);
        } catch (cause) {
          check();
          if (attempt === attempts || !mayBeTheFile(cause)) throw cause;
          discard(used ?? index);
        }
      }
    },
    answer: (query) => answerNow(query, use(query), false),
    documents: (key) => partitions.find(key)?.kept.partition().documents.live() ?? 0,
    forget: (key) => partitions.forget(partitions.find(key)),
    expect: (key) => {
      use(key).withTexts = true;
    },
    close: () => {
      closed = true;
      partitions.clear();
      index?.close();
    },
  };
};

/** With the search file as it is, with a new one, and in memory. */
const attempts = 3;
