import { Worker } from "node:worker_threads";
import { pagedReads } from "../../as-of/paged-reads.ts";
import type {
  AsOf,
  AsOfReads,
  CountQuery,
  ListPage,
  ListQuery,
  SearchAnswer,
  SearchAsOfQuery,
  StandingPage,
  StandingQuery,
  StoredContext,
} from "../../engine.ts";
import { unlessAborted } from "../../unless-aborted.ts";
import { createAsking } from "../connection/asking.ts";
import type { Run } from "../connection/run.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { threadFile } from "../connection/thread-file.ts";
import type { AsOfReading, IdsAsOf } from "./as-of.ts";

export type AsOfTask =
  | { readonly read: IdsAsOf }
  | { readonly list: ListQuery & AsOf }
  | { readonly count: CountQuery & AsOf }
  | { readonly search: Omit<SearchAsOfQuery, "signal"> }
  | { readonly standing: StandingQuery };

/** What the task asked for; nothing where content was to be lifted first. */
export type AsOfFound = {
  readonly contexts?: readonly (StoredContext | undefined)[];
  readonly page?: ListPage | undefined;
  readonly count?: number | undefined;
  readonly answer?: SearchAnswer | undefined;
  readonly standing?: StandingPage;
};

export const performAsOf = (task: AsOfTask, reading: AsOfReading): AsOfFound => {
  if ("read" in task) return { contexts: reading.read(task.read) };
  if ("list" in task) return { page: reading.list(task.list) };
  if ("count" in task) return { count: reading.count(task.count) };
  if ("search" in task) return { answer: reading.search({ ...task.search, signal: undefined }) };
  return { standing: reading.standing(task.standing) };
};

type AsOfRun = Run<{ readonly asOf: AsOfReading }>;
type Reads = AsOfReads & { readonly close: () => Promise<void> };

/** A store in memory has one connection alone: what is walked over leaves the event loop free in between. */
const inMemory = (run: AsOfRun): Reads => ({
  ...pagedReads((query) => run(({ asOf }) => asOf.standing(query))),
  readAsOf: ({ tenant, component }, ids, at) => run(({ asOf }) => asOf.read({ tenant, component, ids, at })),
  close: async () => undefined,
});

/**
 * What stood at a time. All but a look at one context runs in a thread of its own, so that it holds up neither the
 * event loop nor lists of what is current.
 */
export const createAsOfReads = ({ path, key }: StoreFile, run: AsOfRun): Reads => {
  if (path === ":memory:") return inMemory(run);
  const workerData: StoreFile = { path, key };
  const thread = createAsking<AsOfTask, AsOfFound>(
    () => new Worker(threadFile("as-of-thread"), { workerData }),
  );
  const ask = async (task: AsOfTask): Promise<AsOfFound> => {
    // A store that is closed starts no thread.
    await run(() => undefined);
    return thread.ask(task);
  };
  return {
    readAsOf: async ({ tenant, component }, ids, at) => {
      const query = { tenant, component, ids, at };
      if (ids.length === 1) return run(({ asOf }) => asOf.read(query));
      return [...((await ask({ read: query })).contexts ?? [])];
    },
    listAsOf: async (query) => (await ask({ list: query })).page,
    countAsOf: async (query) => (await ask({ count: query })).count,
    searchAsOf: async ({ signal, ...query }) => (await unlessAborted(ask({ search: query }), signal)).answer,
    standing: async (query) => (await ask({ standing: query })).standing ?? { contexts: [], next: undefined },
    close: thread.close,
  };
};
