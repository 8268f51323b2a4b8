import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError, closedError } from "../../../base/errors.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { SearchAnswer } from "../../engine.ts";
import type { StoreFile } from "../connection.ts";
import { resultCode } from "../faults.ts";
import { type Asked, answer } from "./answering.ts";
import { createKept, type Kept } from "./kept-partitions.ts";
import { followChanges, followTexts } from "./partition.ts";
import { removeSearchFile } from "./search-file.ts";
import { createSearchIndex, type SearchIndex } from "./search-index.ts";
import { createStoreReader } from "./store-reader.ts";

/** What an engine keeps of each component that was opened, by name. */
export type Indexings = ReadonlyMap<string, Indexing>;

/** Searches a store on a connection that it only reads from, by means of a search file. */
export type Searcher = {
  readonly search: (query: Asked) => Promise<SearchAnswer>;
  /** Takes in what was written meanwhile, and saves what is worth it. It throws nothing. */
  readonly follow: () => Promise<void>;
  readonly close: () => void;
};

type Named = { readonly kept: Kept; readonly indexing: Indexing; withTexts: boolean };

/** A lock or a full disk passes. Anything else that is not said in words may come of a search file that is damaged. */
const mayBeTheFile = (cause: unknown): boolean =>
  !(cause instanceof ContextbaseError) && !/^SQLITE_(BUSY|FULL)/.test(resultCode(cause) ?? "");

/** @param indexings the components, as they are at each search */
export const createSearcher = (database: Database, file: StoreFile, indexings: () => Indexings): Searcher => {
  const reader = createStoreReader(database);
  let index: SearchIndex | undefined;
  let closed = false;
  const partitions = new Map<string, Named>();

  const find = ({ tenant, component }: Asked): Named => {
    const indexing = indexings().get(component);
    if (!indexing) {
      const message = `${component} was not given when the store was opened, so it cannot be searched.`;
      throw new ContextbaseError("unknown_component", message, { component });
    }
    const name = JSON.stringify([tenant, component]);
    const known = partitions.get(name);
    if (known?.indexing === indexing) return known;
    index ??= createSearchIndex(file);
    const kept = createKept({ tenant, component }, indexing, reader, index);
    const made = { kept, indexing, withTexts: false };
    partitions.set(name, made);
    return made;
  };

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
    removeSearchFile(file);
  };

  /** A failure after the closing is one of it. */
  const check = (): void => {
    if (closed) throw closedError();
  };

  const followOne = async (named: Named): Promise<void> => {
    const used = index;
    try {
      await named.kept.prepare(named.withTexts);
      if (await named.kept.maintain()) forget(named);
    } catch (cause) {
      // What is wrong with the store is told to who searches next.
      if (!closed && mayBeTheFile(cause)) discard(used);
    }
  };

  return {
    search: async (query) => {
      check();
      const used = index;
      try {
        return await searchOnce(query);
      } catch (cause) {
        check();
        if (!mayBeTheFile(cause)) throw cause;
        discard(used ?? index);
        return await searchOnce(query);
      }
    },
    follow: async () => {
      for (const named of [...partitions.values()]) await followOne(named);
    },
    close: () => {
      closed = true;
      partitions.clear();
      index?.close();
    },
  };
};
