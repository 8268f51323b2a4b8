import { escapeLiteral } from "pg";
import type { PostgresTimeouts } from "../options/timeouts.ts";
import { type Step, statement } from "./trip.ts";

/** What a tenant's statements are sent with: settings that end with their transaction, so that a pooler may stand between. */
export type Transactions = {
  /** One transaction of a tenant that writes. */
  readonly writing: (tenant: string, steps: readonly Step[]) => Framed;
  /** Statements that read; each sees one moment by itself. */
  readonly reading: (tenant: string, steps: readonly Step[]) => Framed;
};

/** Steps between those that a transaction needs. */
export type Framed = {
  readonly steps: readonly Step[];
  /** How many stand before those of the caller. */
  readonly before: number;
  /** How long their answer is waited for. */
  readonly patience: number;
};

/**
 * Writes wait for each other's lock on the tenant's counter and look at the tables only then, which takes a
 * statement to see what was committed before it began: READ COMMITTED, whatever the server's default is.
 */
const begin = { statement: statement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"), values: [] };
const beginReading = { statement: statement("BEGIN READ ONLY"), values: [] };
const commit = { statement: statement("COMMIT"), values: [] };

/** Steps of no tenant as one transaction that writes. */
export const writeTogether = (steps: readonly Step[]): Step[] => [begin, ...steps, commit];

/**
 * Where Citus spreads the tables over workers, a policy finds the tenant there only if it was set by SET LOCAL, in a
 * transaction, while such settings are passed on. SET takes no parameters and is not kept prepared.
 */
const setOnWorkers = (tenant: string): Step[] => [
  { statement: statement("SET LOCAL citus.propagate_set_commands TO 'local'"), values: [] },
  {
    statement: { name: "", text: `SET LOCAL contextbase.tenant TO ${escapeLiteral(tenant)}` },
    values: [],
  },
];

/**
 * Statements are written so that one plan is good for all values; to plan each call anew takes longer than most calls,
 * and so does to compile one, which a cost that was estimated for any values would often ask for.
 */
const samePlan = "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true)";

/**
 * A commit waits for the disk, and for synchronous standbys, as long as it takes: ended by a timeout of the
 * server, it would be acknowledged without them. A transaction whose client is gone lets go of its lock.
 */
const settingsOfWrites = statement(`
  SELECT set_config('contextbase.tenant', $1, true), ${samePlan}, set_config('lock_timeout', $2, true),
    set_config('idle_in_transaction_session_timeout', $2, true), set_config('statement_timeout', '0', true),
    set_config('synchronous_commit',
      CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)`);

const settingsOfReads = statement(
  `SELECT set_config('contextbase.tenant', $1, true), ${samePlan}, set_config('statement_timeout', $2, true)`,
);

/**
 * Wakes those who listen, in a transaction of its own after the commit: NOTIFY holds a lock of the whole database
 * until its transaction ends, which is no place to wait for a disk. Lost, it is made good by polling.
 */
const notify = statement("SELECT pg_notify($1, $2)");

/** What the server ended by itself is answered a little after that. */
const marginMilliseconds = 500;

/** A slow way carries a large write at about 1 MB a second. */
const bytesAMillisecond = 1_000;

const sizeOf = (steps: readonly Step[]): number =>
  steps.reduce(
    (sum, { values }) => sum + values.reduce((bytes, value) => bytes + (value?.length ?? 0), 0),
    0,
  );

type Frame = { readonly before: readonly Step[]; readonly after: readonly Step[]; readonly patience: number };

const frame = ({ before, after, patience }: Frame, steps: readonly Step[]): Framed => ({
  steps: [...before, ...steps, ...after],
  before: before.length,
  patience: patience + marginMilliseconds,
});

/** @param distributed whether the tables are spread over workers, once that is known */
export const createTransactions = (
  { lockMilliseconds, statementMilliseconds }: PostgresTimeouts,
  channel: string,
  distributed: () => boolean,
): Transactions => ({
  writing: (tenant, steps) => {
    const settings = { statement: settingsOfWrites, values: [tenant, String(lockMilliseconds)] };
    const onWorkers = distributed() ? setOnWorkers(tenant) : [];
    const wake = { statement: notify, values: [channel, tenant], dispensable: true };
    const patience = 2 * lockMilliseconds + sizeOf(steps) / bytesAMillisecond;
    return frame({ before: [begin, settings, ...onWorkers], after: [commit, wake], patience }, steps);
  },
  reading: (tenant, steps) => {
    const settings = { statement: settingsOfReads, values: [tenant, String(statementMilliseconds)] };
    const patience = statementMilliseconds;
    if (!distributed()) return frame({ before: [settings], after: [], patience }, steps);
    return frame(
      { before: [beginReading, settings, ...setOnWorkers(tenant)], after: [commit], patience },
      steps,
    );
  },
});
