import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError, closedError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { Key, SearchAnswer } from "../../engine.ts";
import type { StoreFile } from "../connection.ts";
import { type Asked, answer } from "./answering.ts";
import { createKept, type Kept } from "./kept-partition.ts";
import { followChanges, followTexts } from "./partition.ts";
import { mayPass } from "./passing.ts";
import { removeSearchFile } from "./search-file.ts";
import { createSearchIndex, type SearchIndex } from "./search-index.ts";
import type { Pieces } from "./slices.ts";
import { createStoreReader } from "./store-reader.ts";

/** What an engine keeps of each component that was opened, by name. */
export type Indexings = ReadonlyMap<string, Indexing>;

/** Searches a store on a connection that it only reads from, by means of a search file. */
export type Searcher = {
  readonly search: (query: Asked) => Promise<SearchAnswer>;
  /** From now on `follow` takes in what is written of a component, as if it had been searched by text. */
  readonly expect: (key: Key) => void;
  /** How many contexts of a component are known; 0 before it was searched. */
  readonly documents: (key: Key) => number;
  /** Drops what is known of a component. */
  readonly forget: (key: Key) => void;
  /** Whether there is something to follow although nothing was written. */
  readonly isBehind: () => boolean;
  /** Takes in what was written meanwhile, and saves what is worth it. It throws nothing. */
  readonly follow: () => Promise<void>;
  readonly close: () => void;
};

type Named = { readonly kept: Kept; readonly indexing: Indexing; withTexts: boolean };

/** Whether it may come of a search file that is damaged: what is said in words does not, nor what passes. */
const mayBeTheFile = (cause: unknown): boolean => !(cause instanceof ContextbaseError) && !mayPass(cause);

/** Names a partition. */
export const nameOf = ({ tenant, component }: Key): string => JSON.stringify([tenant, component]);

/** What the search file would hold, where nothing is to be had of the file. */
const inMemory: StoreFile = { path: ":memory:", key: undefined };

/** @param indexings the components, as they are at each search */
export const createSearcher = (database: Database, file: StoreFile, indexings: () => Indexings): Searcher => {
  const reader = createStoreReader(database);
  let index: SearchIndex | undefined;
  let closed = false;
  let discarded = 0;
  let isTidy = false;
  const partitions = new Map<string, Named>();

  const find = ({ tenant, component }: Key): Named => {
    const indexing = indexings().get(component);
    if (!indexing) {
      const message = `${component} was not given when the store was opened, so it cannot be searched.`;
      throw new ContextbaseError("unknown_component", message, { component });
    }
    const name = nameOf({ tenant, component });
    const known = partitions.get(name);
    partitions.delete(name);
    if (known?.indexing === indexing) {
      // Those that were used last stand last.
      partitions.set(name, known);
      return known;
    }
    makeRoom();
    index ??= createSearchIndex(discarded > 1 ? inMemory : file);
    const kept = createKept({ tenant, component }, indexing, reader, index);
    const made = { kept, indexing, withTexts: false };
    partitions.set(name, made);
    return made;
  };

  /** Forgets the partitions that nobody searched for longest, while they are too many or take too much memory. */
  const makeRoom = (): void => {
    let bytes = [...partitions.values()].reduce((sum, { kept }) => sum + kept.bytes(), 0);
    for (const [name, { kept }] of partitions) {
      if (bytes <= limits.searchMemoryBytes && partitions.size < limits.searchPartitions) return;
      bytes -= kept.bytes();
      partitions.delete(name);
    }
  };

  /** Those that were searched last. The others take in what was written when they are searched again. */
  const followed = (): Named[] => [...partitions.values()].slice(-limits.searchPartitionsFollowed);

  const forget = (named: Named): void => {
    for (const [name, one] of partitions) if (one === named) partitions.delete(name);
  };

  /** @returns undefined where the search file has another state than the partition counts on */
  const answerNow = (query: Asked, { kept }: Named): SearchAnswer | undefined =>
    reader.together(() => {
      const partition = kept.partition();
      followChanges(partition, reader, Number.MAX_SAFE_INTEGER);
      if (!query.text || !index) return answer(query, partition, reader);
      followTexts(partition, reader, Number.MAX_SAFE_INTEGER);
      const { partitions: saved, together } = index;
      return together(() => {
        const mark = partition.mark();
        return mark && !saved.has(mark.partition) ? undefined : answer(query, partition, reader);
      });
    });

  const searchOnce = async (query: Asked): Promise<SearchAnswer> => {
    for (;;) {
      const named = find(query);
      named.withTexts ||= query.text !== undefined;
      await named.kept.prepare(query.text !== undefined);
      const found = answerNow(query, named);
      if (found) return found;
      forget(named);
    }
  };

  /** Begins anew without what may be damaged, unless that was done. */
  const discard = (used: SearchIndex | undefined): void => {
    if (index !== used) return;
    partitions.clear();
    index?.close();
    index = undefined;
    discarded++;
    isTidy = false;
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

  const followOne = async ({ kept, withTexts }: Named): Promise<void> => {
    await kept.prepare(withTexts);
    if (!kept.isDue()) return;
    await kept.maintain();
    isTidy = false;
  };

  /** Removes what nobody uses, bit by bit. */
  const tidy = async ({ change, partitions: saved, postings }: SearchIndex): Promise<void> => {
    isTidy = true;
    function* removals(): Pieces<true> {
      for (const partition of saved.obsolete()) saved.remove(partition);
      while (postings.removeLeftOver()) yield;
      return true;
    }
    await change(removals, () => undefined);
  };

  return {
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
    documents: (key) => partitions.get(nameOf(key))?.kept.partition().documents.live() ?? 0,
    forget: (key) => {
      partitions.delete(nameOf(key));
    },
    expect: (key) => {
      find(key).withTexts = true;
    },
    isBehind: () => !isTidy || followed().some(({ kept }) => kept.isDue()),
    follow: async () => {
      const used = index;
      try {
        for (const named of followed()) await followOne(named);
        if (used && !isTidy) await tidy(used);
      } catch (cause) {
        // What is wrong with the store is told to who searches next.
        if (!closed && mayBeTheFile(cause)) discard(used);
      }
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
