import { Worker } from "node:worker_threads";
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
} from "../engine.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { AsOfReading, IdsAsOf } from "./as-of.ts";
import { createAsking } from "./asking.ts";
import type { StoreFile } from "./connection.ts";
import type { Session } from "./session.ts";
import { threadFile } from "./thread-file.ts";

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

/**
 * What stood at a time. All but a look at one context runs in a thread of its own, so that it holds up neither the
 * event loop nor lists of what is current; a store in memory has one connection alone.
 * @param run runs statements on a connection that can be trusted
 */
export const createAsOfReads = (
  { path, key }: StoreFile,
  run: <Result>(work: (session: Session) => Result) => Promise<Result>,
): AsOfReads & { readonly close: () => Promise<void> } => {
  const thread =
    path === ":memory:"
      ? undefined
      : createAsking<AsOfTask, AsOfFound>(
          () => new Worker(threadFile("as-of-thread"), { workerData: { path, key } satisfies StoreFile }),
        );
  const here = (task: AsOfTask): Promise<AsOfFound> => run(({ asOf }) => performAsOf(task, asOf));
  const ask = thread?.ask ?? here;
  return {
    readAsOf: async ({ tenant, component }, ids, at) => {
      const task = { read: { tenant, component, ids, at } };
      const { contexts = [] } = await (ids.length === 1 ? here(task) : ask(task));
      return [...contexts];
    },
    listAsOf: async (query) => (await ask({ list: query })).page,
    countAsOf: async (query) => (await ask({ count: query })).count,
    searchAsOf: async ({ signal, ...query }) => (await unlessAborted(ask({ search: query }), signal)).answer,
    standing: async (query) => (await ask({ standing: query })).standing ?? { contexts: [], next: undefined },
    close: async () => await thread?.close(),
  };
};
