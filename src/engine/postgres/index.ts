import { createHash } from "node:crypto";
import { escapeIdentifier } from "pg";
import { closedError } from "../../base/errors.ts";
import type { Engine, GroupOutcome, Write, WriteGroup } from "../engine.ts";
import { createAsOfReads } from "./as-of/as-of.ts";
import { createChanges } from "./changes/changes.ts";
import { createEntries } from "./changes/entries.ts";
import { createWakes } from "./changes/wake.ts";
import { createConnections } from "./connection/connection.ts";
import { createRun } from "./connection/run.ts";
import { createTransactions } from "./connection/transaction.ts";
import { createFindings } from "./finding/list.ts";
import { createFilling } from "./indexing/filling.ts";
import { createKept } from "./indexing/kept.ts";
import { createMirrors } from "./mirror/mirrors.ts";
import { checkStore } from "./opening/check.ts";
import { createOpening, type Server } from "./opening/opening.ts";
import { checkPostgresOptions, type PostgresOptions } from "./options/options.ts";
import { createExpiring } from "./pruning/expiring.ts";
import { createPruning } from "./pruning/pruning.ts";
import { createReads } from "./reading/read.ts";
import { createRewriting } from "./rewriting/rewriting.ts";
import { createSearch } from "./search/search.ts";
import { createTenantCommits } from "./writing/commit.ts";
import { createPacking } from "./writing/pack.ts";
import { createRestore } from "./writing/restore.ts";

export { type LayoutUpdate, updateLayout } from "./opening/update.ts";
export type { PostgresOptions, PostgresTimeouts } from "./options/options.ts";

/** One for each schema, whose name may itself be as long as PostgreSQL lets a name be. */
const channelOf = (schema: string): string =>
  `contextbase_${createHash("sha256").update(schema).digest("hex").slice(0, 32)}`;

const warnUnbound = ({ role }: Server): void => {
  process.emitWarning(
    `The role ${role} bypasses row-level security, the second fence between tenants. Run as a role that is no superuser and owns no tables.`,
    { type: "ContextbaseWarning", code: "CONTEXTBASE_ROLE" },
  );
};

/**
 * The engine for PostgreSQL 15 and newer: a database of the user's own, in which `contextbase update` made the
 * tables. Many processes may use it at once. Nothing is connected before the first call.
 * @throws ContextbaseError invalid_argument
 */
export const postgres = (options: PostgresOptions): Engine => {
  const checked = checkPostgresOptions(options);
  const schema = escapeIdentifier(checked.schema);
  const channel = channelOf(checked.schema);
  const connections = createConnections(checked);
  let closing = false;
  let closed = false;

  const guard = (isOver: boolean): void => {
    if (isOver) throw closedError();
  };

  let server: Server | undefined;
  const transactions = createTransactions(checked.timeouts, channel, () => server?.distributed === true);
  const opening = createOpening(schema, connections);
  // A commit that is under way goes to its end, which may take several transactions: only then it is closed.
  const run = createRun(connections, checked.timeouts, transactions, {
    guard: () => guard(closed),
    beforeWrite: opening.checkWritable,
  });
  const kept = createKept(schema, () => server?.vectors, opening.components);
  const changes = createChanges(schema, run);
  const reads = createReads(schema, run);
  const entries = createEntries(schema, run);
  const restore = createRestore(schema, run, changes, kept);
  const filling = createFilling(schema, run, kept);
  const expiring = createExpiring(schema, run);
  const findings = createFindings(schema, run, filling.paths, expiring);
  // Where no vectors are kept none are searched.
  const vectorsOf = (component: string) => (kept.types() === undefined ? undefined : kept.of(component));
  const mirrors = createMirrors(schema, run, vectorsOf, checked.vectorMemoryBytes);
  const search = createSearch(schema, run, kept, filling, findings.fits, mirrors);
  const wakes = createWakes(channel, connections.direct);
  const packing = createPacking(schema, run);
  const commitTenant = createTenantCommits(schema, run, changes, reads, kept);

  const tellWritten = (tenant: string, writes: readonly Write[], outcome: GroupOutcome | undefined): void => {
    if (outcome?.status !== "written") return;
    for (const [index, { component, id }] of writes.entries()) {
      const landed = outcome.written[index];
      if (landed) packing.onWritten({ tenant, component, id }, landed.version);
    }
  };

  // Commits of a tenant take effect in the order in which they were asked for.
  const last = new Map<string, Promise<unknown>>();
  const commit = async (groups: readonly WriteGroup[], now: number): Promise<readonly GroupOutcome[]> => {
    guard(closing);
    const tenant = groups[0]?.tenant;
    if (tenant === undefined) return [];
    const before = last.get(tenant);
    const committed = (before ?? Promise.resolve()).then(() =>
      run.call(() => commitTenant(tenant, groups, now)),
    );
    const done = committed.catch(() => undefined);
    last.set(tenant, done);
    try {
      const outcomes = await committed;
      for (const [index, { writes }] of groups.entries()) tellWritten(tenant, writes, outcomes[index]);
      return outcomes;
    } finally {
      if (last.get(tenant) === done) last.delete(tenant);
    }
  };

  return {
    ...createAsOfReads(schema, run),
    ...createRewriting(schema, run, kept),
    name: "postgres",
    commits: "one tenant",
    open: async (components) => {
      guard(closing);
      const known = server !== undefined;
      server = await opening.open(components);
      kept.open(components);
      if (server.unbound && !known) warnUnbound(server);
    },
    commit,
    read: reads.current,
    readVersion: reads.version,
    prune: createPruning(schema, run),
    expired: expiring.expired,
    count: findings.count,
    search,
    list: async (query) => (query.where || query.order ? findings.list(query) : reads.list(query)),
    history: reads.history,
    changes: changes.after,
    lastPosition: changes.lastPosition,
    findWrite: (tenant, write) => run.call(() => changes.settle(tenant, write)),
    onChange: wakes.onChange,
    components: async () => {
      guard(closing);
      return opening.components();
    },
    schemaVersions: async () => {
      guard(closing);
      return opening.schemaVersions();
    },
    noteSchemas: async (components) => {
      guard(closing);
      await opening.noteSchemas(components);
    },
    tenants: entries.tenants,
    entries: entries.read,
    restore: async (tenant, restored) => {
      await run.call(() => restore(tenant, restored));
      for (const { change } of restored) packing.onWritten({ ...change, tenant }, change.version);
    },
    check: async () => {
      guard(closing);
      return checkStore(schema, checked.schema, connections);
    },
    close: async () => {
      if (closing) return;
      closing = true;
      await Promise.all(last.values());
      await packing.close();
      await filling.close();
      await mirrors.close();
      closed = true;
      await wakes.close();
      await connections.close();
    },
  };
};
