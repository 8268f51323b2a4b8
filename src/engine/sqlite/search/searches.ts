import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../../base/limits.ts";
import type { ComponentDescription } from "../../../model/description.ts";
import { indexingOf } from "../../../model/indexing.ts";
import type {
  Engine,
  Key,
  RegisteredComponent,
  SearchAnswer,
  SearchQuery,
  WriteGroup,
} from "../../engine.ts";
import type { StoreFile } from "../connection.ts";
import type { Asked } from "./answering.ts";
import type { IndexingEntries } from "./messages.ts";
import { createSearchClient } from "./search-client.ts";
import { createSearcher, type Searcher } from "./searcher.ts";

/** The searching of one engine. */
export type Searches = {
  /** The components that can be searched from now on. */
  readonly open: (components: readonly RegisteredComponent[]) => void;
  readonly search: Engine["search"];
  /**
   * Tells of a bulk load: what can be searched by text is indexed while the load goes on, rather than by the first
   * search after it.
   */
  readonly onLoad: (groups: readonly WriteGroup[]) => void;
  readonly close: () => Promise<void>;
};

const toEntries = (components: readonly RegisteredComponent[]): IndexingEntries =>
  components.map(({ name, description }) => {
    const described: ComponentDescription = JSON.parse(description);
    return [name, indexingOf(described)];
  });

/** Waits for an answer as long as the signal lets it; what goes on in the thread then is for nobody. */
const unlessAborted = (
  answer: Promise<SearchAnswer>,
  signal: AbortSignal | undefined,
): Promise<SearchAnswer> => {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
};

/** A store in memory has one connection alone, so its searches run where the caller does. */
const createInline = (file: StoreFile, connection: () => Promise<Database>) => {
  let indexings: IndexingEntries = [];
  let known = new Map(indexings);
  let made: { readonly database: Database; readonly searcher: Searcher } | undefined;
  return {
    exchange: (entries: IndexingEntries): void => {
      indexings = entries;
      known = new Map(indexings);
    },
    search: async (query: Asked): Promise<SearchAnswer> => {
      const database = await connection();
      if (made?.database !== database) {
        made?.searcher.close();
        made = { database, searcher: createSearcher(database, file, () => known) };
      }
      const { searcher } = made;
      const answer = await searcher.search(query);
      void searcher.follow();
      return answer;
    },
    expect: (): void => undefined,
    close: async (): Promise<void> => made?.searcher.close(),
  };
};

/** @param connection the one that a store in memory has */
export const createSearches = (file: StoreFile, connection: () => Promise<Database>): Searches => {
  const client = file.path === ":memory:" ? createInline(file, connection) : createSearchClient(file);
  let withTexts: ReadonlySet<string> = new Set();
  const expected = new Set<string>();

  const expect = (key: Key): void => {
    const name = JSON.stringify([key.tenant, key.component]);
    if (!withTexts.has(key.component) || expected.has(name)) return;
    if (expected.size === limits.searchPartitionsFollowed) expected.clear();
    expected.add(name);
    client.expect(key);
  };

  return {
    open: (components) => {
      const entries = toEntries(components);
      client.exchange(entries);
      withTexts = new Set(entries.flatMap(([name, { searchText }]) => (searchText.length > 0 ? [name] : [])));
    },
    onLoad: (groups) => {
      for (const { tenant, writes } of groups) {
        const [first] = writes;
        if (first) expect({ tenant, component: first.component });
      }
    },
    search: async ({ signal, ...query }: SearchQuery) => {
      signal?.throwIfAborted();
      return await unlessAborted(client.search(query), signal);
    },
    close: client.close,
  };
};
