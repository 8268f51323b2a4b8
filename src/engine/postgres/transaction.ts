import type { PostgresTimeouts } from "./options.ts";
import { type Step, statement } from "./trip.ts";

/** What a tenant's statements are sent with: settings that end with their transaction, so that a pooler may stand between. */
export type Transactions = {
  /** One transaction of a tenant that writes. */
  readonly writing: (tenant: string, steps: readonly Step[]) => Step[];
  /** Statements that read; each sees one moment by itself. */
  readonly reading: (tenant: string, steps: readonly Step[]) => Step[];
};

/**
 * Writes wait for each other's lock on the tenant's counter and look at the tables only then, which takes a
 * statement to see what was committed before it began: READ COMMITTED, whatever the server's default is.
 */
const begin = { statement: statement("BEGIN ISOLATION LEVEL READ COMMITTED"), values: [] };
const commit = { statement: statement("COMMIT"), values: [] };

/**
 * A commit waits for the disk, and for synchronous standbys, as long as it takes: ended by a timeout of the
 * server, it would be acknowledged without them. A transaction whose client is gone lets go of its lock.
 */
const settingsOfWrites = statement(`
  SELECT set_config('contextbase.tenant', $1, true), set_config('lock_timeout', $2, true),
    set_config('idle_in_transaction_session_timeout', $2, true), set_config('statement_timeout', '0', true),
    set_config('synchronous_commit',
      CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)`);

const settingsOfReads = statement(
  "SELECT set_config('contextbase.tenant', $1, true), set_config('statement_timeout', $2, true)",
);

/**
 * Wakes those who listen, in a transaction of its own after the commit: NOTIFY holds a lock of the whole database
 * until its transaction ends, which is no place to wait for a disk. Lost, it is made good by polling.
 */
const notify = statement("SELECT pg_notify($1, $2)");

export const createTransactions = (
  { lockMilliseconds, statementMilliseconds }: PostgresTimeouts,
  channel: string,
): Transactions => ({
  writing: (tenant, steps) => [
    begin,
    { statement: settingsOfWrites, values: [tenant, String(lockMilliseconds)] },
    ...steps,
    commit,
    { statement: notify, values: [channel, tenant], dispensable: true },
  ],
  reading: (tenant, steps) => [
    { statement: settingsOfReads, values: [tenant, String(statementMilliseconds)] },
    ...steps,
  ],
});
