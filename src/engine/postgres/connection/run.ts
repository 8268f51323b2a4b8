import { AsyncLocalStorage } from "node:async_hooks";
import { stopwatch } from "../../../base/clock.ts";
import type { PostgresTimeouts } from "../options/timeouts.ts";
import type { Connections } from "./connection.ts";
import { type RetryOptions, retrying } from "./retry.ts";
import type { Transactions } from "./transaction.ts";
import type { Row, Step } from "./trip.ts";

/** Runs statements for a tenant, and gives the rows of each. Faults that may pass are waited out. */
export type Run = {
  readonly place: string;
  /** A call of several transactions, which share its time. */
  readonly call: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** @throws ContextbaseError storage_… */
  readonly read: (tenant: string, steps: readonly Step[]) => Promise<Row[][]>;
  /** One transaction that is safe to repeat. @throws ContextbaseError storage_…, outcome_unknown */
  readonly write: (tenant: string, steps: readonly Step[]) => Promise<Row[][]>;
  /**
   * One transaction, made anew for each try.
   * @param attempt is told whether a try came before, which may have happened
   */
  readonly commit: <Result>(
    tenant: string,
    attempt: (again: boolean) => {
      readonly steps: readonly Step[];
      readonly read: (rows: readonly Row[][]) => Result;
    },
  ) => Promise<Result>;
};

export type Checks = {
  /** @throws ContextbaseError closed */
  readonly guard: () => void;
  /** @throws ContextbaseError storage_read_only */
  readonly beforeWrite: () => Promise<void>;
};

export const createRun = (
  { place, trip }: Connections,
  timeouts: PostgresTimeouts,
  { reading, writing }: Transactions,
  { guard, beforeWrite }: Checks,
): Run => {
  const calls = new AsyncLocalStorage<RetryOptions>();
  const begin = (): RetryOptions => ({
    place,
    until: stopwatch() + timeouts.callMilliseconds,
    leastMilliseconds: Math.min(timeouts.lockMilliseconds, timeouts.callMilliseconds / 2),
  });
  const retry = (): RetryOptions => calls.getStore() ?? begin();

  const commit: Run["commit"] = async (tenant, attempt) => {
    guard();
    await beforeWrite();
    return retrying(retry(), async (way, again) => {
      const { steps, read } = attempt(again);
      const framed = writing(tenant, steps);
      const rows = await trip(framed.steps, { ...way, patience: framed.patience });
      return read(rows.slice(framed.before));
    });
  };

  return {
    place,
    call: (work) => calls.run(begin(), work),
    commit,
    write: (tenant, steps) => commit(tenant, () => ({ steps, read: (rows) => [...rows] })),
    // What reads cannot have happened: it is not told that it is on its way.
    read: async (tenant, steps) =>
      retrying({ ...retry(), leastMilliseconds: 0 }, async ({ until }) => {
        guard();
        const framed = reading(tenant, steps);
        return (await trip(framed.steps, { until, patience: framed.patience })).slice(framed.before);
      }),
  };
};
