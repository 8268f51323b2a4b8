import type { Indexing } from "../../model/indexing.ts";
import type { Key, StoredContext } from "./records.ts";
import type { CountQuery, ListPage, ListQuery, SearchAnswer, SearchQuery } from "./searching.ts";

/** The time of what is asked. */
export type AsOf = {
  /** Milliseconds. What was written up to then counts, what expired up to then does not. */
  readonly at: number;
  /**
   * The schema version in which contexts are looked into. Content of an older one only the caller can lift; 0: none is
   * to be lifted.
   */
  readonly schemaVersion: number;
};

export type SearchAsOfQuery = SearchQuery & AsOf & { readonly indexing: Indexing };

/** A context as it stood at a time, with its place in lists. Its content and metadata are "" where nobody asked for them. */
export type Standing = StoredContext & { readonly place: number };

export type StandingQuery = Key & {
  readonly at: number;
  readonly type: string | undefined;
  /** Only those behind this place; undefined: from the first. */
  readonly after: number | undefined;
  readonly direction: "oldest first" | "newest first";
  /** No more are wanted, as far as is known; undefined: that is not known. */
  readonly most: number | undefined;
  /** Whether contents, metadata and embeddings are read. */
  readonly bodies: boolean;
};

export type StandingPage = {
  readonly contexts: readonly Standing[];
  /** What to ask for `after` to go on; undefined where nothing is left. */
  readonly next: number | undefined;
};

/**
 * Reads of what stood at a time that is past: of each context the newest version that was written up to then, unless it
 * was a deletion or had expired. What is written meanwhile changes none of it, so that a walk over pages sees one
 * state.
 */
export type AsOfReads = {
  /**
   * In the order asked.
   * @throws ContextbaseError version_removed where what stood then was removed by retention
   */
  readAsOf(key: Key, ids: readonly string[], at: number): Promise<(StoredContext | undefined)[]>;

  /**
   * As `list`, `count` and `search`, off the event loop.
   * @returns undefined where content of an older schema version had to be looked into
   * @throws ContextbaseError version_removed
   */
  listAsOf(query: ListQuery & AsOf): Promise<ListPage | undefined>;
  countAsOf(query: CountQuery & AsOf): Promise<number | undefined>;
  searchAsOf(query: SearchAsOfQuery): Promise<SearchAnswer | undefined>;

  /**
   * A page of all that stood, for who lifts it and looks into it then.
   * @throws ContextbaseError version_removed
   */
  standing(query: StandingQuery): Promise<StandingPage>;
};
