import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../../base/limits.ts";
import type { ComponentDescription } from "../../../model/description.ts";
import { type Indexing, indexingOf } from "../../../model/indexing.ts";
import type {
  Engine,
  Key,
  RegisteredComponent,
  SearchAnswer,
  SearchQuery,
  WriteGroup,
} from "../../engine.ts";
import { unlessAborted } from "../../unless-aborted.ts";
import type { StoreFile } from "../connection/store-file.ts";
import type { Indexings } from "./answering/searcher.ts";
import { createInlineSearch } from "./inline-search.ts";
import type { IndexingEntries } from "./messages.ts";
import { createNearSearch } from "./near-search.ts";
import { nameOf } from "./partition/known-partitions.ts";
import { createSearchClient } from "./search-client.ts";

/** The searching of one engine. */
export type Searches = {
  /** The components that can be searched from now on. */
  readonly open: (components: readonly RegisteredComponent[]) => void;
  readonly search: Engine["search"];
  /**
   * Tells of a bulk load: what can be searched is indexed while the load goes on, rather than by the first search
   * after it.
   */
  readonly onLoad: (groups: readonly WriteGroup[]) => void;
  readonly close: () => Promise<void>;
};

const toEntries = (components: readonly RegisteredComponent[]): IndexingEntries =>
  components.map(({ name, description }) => {
    const described: ComponentDescription = JSON.parse(description);
    return [name, indexingOf(described)];
  });

const isSearched = ({ searchText, dimensions }: Indexing): boolean =>
  searchText.length > 0 || dimensions !== undefined;

/** @param connection the one that the engine reads by */
export const createSearches = (file: StoreFile, connection: () => Promise<Database>): Searches => {
  let indexings: Indexings = new Map();
  const near = createNearSearch(connection, () => indexings);
  const isInMemory = file.path === ":memory:";
  const client = isInMemory
    ? createInlineSearch(file, connection)
    : createSearchClient(file, near.onSearched);
  let searched: ReadonlySet<string> = new Set();
  const expected = new Set<string>();

  const expect = (key: Key): void => {
    const name = nameOf(key);
    if (!searched.has(key.component) || expected.has(name)) return;
    if (expected.size === limits.searchPartitionsFollowed) expected.clear();
    expected.add(name);
    client.expect(key);
  };

  const find = async ({ signal, ...query }: SearchQuery): Promise<SearchAnswer> =>
    (await near.search(query)) ?? (await client.search(query));

  return {
    open: (components) => {
      const entries = toEntries(components);
      client.exchange(entries);
      indexings = new Map(entries);
      searched = new Set(entries.flatMap(([name, indexing]) => (isSearched(indexing) ? [name] : [])));
    },
    onLoad: (groups) => {
      for (const { tenant, writes } of groups) {
        const [first] = writes;
        if (first) expect({ tenant, component: first.component });
      }
    },
    search: async (query) => {
      query.signal?.throwIfAborted();
      return near.answer(query) ?? (await unlessAborted(find(query), query.signal));
    },
    close: async () => {
      near.close();
      await client.close();
    },
  };
};
