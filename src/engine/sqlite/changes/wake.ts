import type { Database } from "better-sqlite3-multiple-ciphers";
import type { Engine } from "../../engine.ts";

/** How often commits of other connections are looked for, while anybody watches. A look takes some microseconds. */
const lookMilliseconds = 20;

/** Wakes watchers: of this engine's commits at once, of all others when they are looked for. */
export type Wakes = {
  readonly onChange: Engine["onChange"];
  /** The same writing; once it is done, whatever became of it, those who watch one of these tenants are woken. */
  readonly after: <Result>(writing: Promise<Result>, tenants: readonly Tenant[]) => Promise<Result>;
  readonly close: () => void;
};

type Tenant = { readonly tenant: string };

type Watcher = Tenant & { readonly wake: () => void };

/** Which connection was looked at, and the number that changes on it with every commit of another one. */
type Seen = { readonly database: Database | undefined; readonly dataVersion: unknown };

/** @param connection the one in use; undefined while there is none */
export const createWakes = (connection: () => Database | undefined): Wakes => {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | undefined;
  let seen: Seen | undefined;

  const look = (): Seen | undefined => {
    const database = connection();
    try {
      return database && { database, dataVersion: database.pragma("data_version", { simple: true }) };
    } catch {
      // What is wrong with it is told to those who read.
      return undefined;
    }
  };

  const lookAgain = (): void => {
    const before = seen;
    seen = look();
    if (seen && seen.database === before?.database && seen.dataVersion === before?.dataVersion) return;
    for (const { wake } of watchers) wake();
  };

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    onChange: (tenant, wake) => {
      const watcher = { tenant, wake };
      watchers.add(watcher);
      if (!timer) {
        seen = look();
        timer = setInterval(lookAgain, lookMilliseconds).unref();
      }
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) stop();
      };
    },
    after: async (writing, tenants) => {
      try {
        return await writing;
      } finally {
        for (const watcher of watchers) {
          if (tenants.some(({ tenant }) => tenant === watcher.tenant)) watcher.wake();
        }
      }
    },
    close: stop,
  };
};
