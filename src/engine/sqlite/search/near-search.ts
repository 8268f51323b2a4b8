import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../../base/limits.ts";
import { isBodyPath } from "../../../model/path.ts";
import { pathsOf } from "../../../search/filter/paths-of.ts";
import type { SearchAnswer } from "../../engine.ts";
import type { Asked } from "./answering/answering.ts";
import { createSearcher, type Indexings, type Searcher } from "./answering/searcher.ts";
import { nameOf } from "./partition/known-partitions.ts";

/**
 * Searches by vector of few contexts, made where the caller is: comparing them takes a part of a millisecond, and the
 * way to the search thread and back takes several such parts.
 */
export type NearSearch = {
  /** Answers at once where nothing was written since the last search, which is mostly so; undefined: it is not so. */
  readonly answer: (query: Asked) => SearchAnswer | undefined;
  /** @returns undefined where the thread is to search: what is near is not known yet, or it is no search for here */
  readonly search: (query: Asked) => Promise<SearchAnswer | undefined>;
  /** Tells how many contexts the component has that was searched, so that few of them are known here from now on. */
  readonly onSearched: (query: Asked, contexts: number) => void;
  readonly close: () => void;
};

/** What would be in the search file is in memory: the thread alone writes to that. */
const nowhere = { path: ":memory:", key: undefined };

type Made = { readonly database: Database; readonly searcher: Searcher; readonly known: Set<string> };

export const createNearSearch = (
  connection: () => Promise<Database>,
  indexings: () => Indexings,
): NearSearch => {
  let made: Made | undefined;

  const forget = (): void => {
    made?.searcher.close();
    made = undefined;
  };

  const current = async (): Promise<Made> => {
    const database = await connection();
    if (made && made.database !== database) forget();
    made ??= { database, searcher: createSearcher(database, nowhere, indexings, true), known: new Set() };
    return made;
  };

  /** By vector alone, under a filter whose values are all in memory. */
  const isForHere = ({ component, text, vector, where }: Asked): boolean => {
    if (text !== undefined || vector === undefined) return false;
    const paths = indexings().get(component)?.paths ?? [];
    return (
      where === undefined || pathsOf(where).every((path) => !isBodyPath(path) || paths.includes(path.text))
    );
  };

  const isFew = ({ vector }: Asked, contexts: number): boolean =>
    contexts * (vector?.length ?? 0) <= limits.nearSearchBytes;

  const learn = async (query: Asked): Promise<void> => {
    const { searcher, known } = await current();
    await searcher.search(query);
    known.add(nameOf(query));
  };

  const isKnown = (query: Asked): boolean => made?.known.has(nameOf(query)) === true && isForHere(query);

  return {
    answer: (query) => {
      // A connection that was given up is closed.
      if (!made?.database.open || !isKnown(query)) return undefined;
      try {
        return made.searcher.answer(query);
      } catch {
        forget();
        return undefined;
      }
    },
    search: async (query) => {
      if (!isKnown(query)) return undefined;
      try {
        const { searcher, known } = await current();
        if (!known.has(nameOf(query))) return undefined;
        const answer = await searcher.search(query);
        if (!isFew(query, searcher.documents(query))) {
          searcher.forget(query);
          known.delete(nameOf(query));
        }
        return answer;
      } catch {
        // Whatever it is, the thread meets it too, and names it.
        forget();
        return undefined;
      }
    },
    onSearched: (query, contexts) => {
      if (isForHere(query) && isFew(query, contexts)) learn(query).catch(forget);
    },
    close: forget,
  };
};
