import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { checkWhole } from "../../../base/arguments.ts";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import type { RegisteredComponent } from "../../engine.ts";
import { configOf, placeOf } from "../connection/connection.ts";
import { toFault } from "../connection/faults.ts";
import { type LayoutPlan, layoutVersion, newerLayout, planLayout } from "../layout/layout.ts";
import { makeVectorIndexes, wishVectors } from "../layout/vector-indexes.ts";
import { type CheckedOptions, checkPostgresOptions, type PostgresOptions } from "../options/options.ts";

export type LayoutUpdate = {
  /** A role that is to work in the store: it is given what it needs. */
  readonly role?: string | undefined;
  /** How many parts new tables are divided into, by the hash of the tenant. Left out: they are not divided. */
  readonly partitions?: number | undefined;
  /** Components whose vectors are to have an index, beside those that the store knows. */
  readonly components?: readonly RegisteredComponent[] | undefined;
  /** Asked with what is to be done; false leaves all as it is. */
  readonly confirm?: ((plan: LayoutPlan, place: string) => boolean | Promise<boolean>) | undefined;
};

export type LayoutUpdated = { readonly place: string; readonly plan: LayoutPlan; readonly done: boolean };

/** The layout of the tables in a schema; 0 where there are none. */
const currentLayout = async (client: Client, schema: string): Promise<number> => {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'layout') AS there",
    [schema],
  );
  if (!rows[0]?.there) return 0;
  const layout = await client.query<{ version: number }>(
    `SELECT coalesce(max(version), 0) AS version FROM ${client.escapeIdentifier(schema)}.layout`,
  );
  return layout.rows[0]?.version ?? 0;
};

/** How many parts the tables are divided into; 1 where they are not. */
const currentPartitions = async (client: Client, schema: string): Promise<number> => {
  const { rows } = await client.query<{ parts: string }>(
    "SELECT count(*) AS parts FROM pg_catalog.pg_inherits WHERE inhparent = $1::regclass",
    [`${client.escapeIdentifier(schema)}.contexts`],
  );
  return Math.max(Number(rows[0]?.parts), 1);
};

/**
 * Who is let in must be bound by row-level security; whoever has the owner's rights sees all tenants.
 * @throws ContextbaseError invalid_argument
 */
const checkRole = async (client: Client, role: string): Promise<void> => {
  const { rows } = await client.query<{ self: boolean; owns: boolean }>(
    `SELECT rolname = current_user AS self, pg_has_role(oid, current_user, 'USAGE') AS owns
     FROM pg_roles WHERE rolname = $1`,
    [role],
  );
  const [found] = rows;
  if (found?.owns === false) return;
  const name = client.escapeIdentifier(role);
  const message = !found
    ? `There is no role ${name}. Make it first, as an administrator: CREATE ROLE ${name} LOGIN PASSWORD '…'`
    : found.self
      ? `The url is of the role ${name} itself. Give the url of the owner, who lets another role in.`
      : `The role ${name} has the owner's rights, or is a superuser: it would see every tenant. Let in another one.`;
  throw new ContextbaseError("invalid_argument", message);
};

/** What a role may not do here is the owner's, or an administrator's to allow. */
const explain = (cause: unknown, place: string): unknown => {
  const fault = toFault(cause, place);
  if (!(fault instanceof ContextbaseError) || fault.details.state !== "42501") return fault;
  const message = `${place} cannot be updated by this role. Run update as the owner of its tables; to make them a role needs CREATE on the database, or a schema of its own.`;
  return new ContextbaseError(fault.code, message, { cause, details: fault.details });
};

/** A transaction that no other update comes between: two at once would make the same tables. */
const alone = async <Result>(
  client: Client,
  { schema, timeouts }: CheckedOptions,
  work: () => Promise<Result>,
): Promise<Result> => {
  await client.query("BEGIN");
  await client.query("SELECT set_config('lock_timeout', $1, true)", [String(timeouts.lockMilliseconds)]);
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`contextbase ${schema}`]);
  const result = await work();
  await client.query("COMMIT");
  return result;
};

const turnMilliseconds = 200;

/**
 * Indexes are made outside of any transaction, and one that is being made looks like one that was left undone: two updates
 * would drop each other's. Who waits asks again and again, since a statement that waited would be waited for by what
 * makes the index.
 */
const inTurn = async (client: Client, schema: string, work: () => Promise<void>): Promise<void> => {
  const key = [`contextbase indexes ${schema}`];
  for (;;) {
    const { rows } = await client.query<{ mine: boolean }>(
      "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine",
      key,
    );
    if (rows[0]?.mine) break;
    await sleep(turnMilliseconds);
  }
  await work();
  await client.query("SELECT pg_advisory_unlock(hashtextextended($1, 0))", key);
};

const run = async (
  client: Client,
  place: string,
  options: CheckedOptions,
  { role, partitions, components = [], confirm = () => true }: LayoutUpdate,
): Promise<LayoutUpdated> => {
  const { schema } = options;
  const quoted = client.escapeIdentifier(schema);

  /** What is to be done from where the tables stand now. */
  const planNow = async () => {
    const current = await currentLayout(client, schema);
    if (current > layoutVersion) throw newerLayout(place, current);
    const parts = current === 0 ? (partitions ?? 1) : await currentPartitions(client, schema);
    const vectors = await wishVectors(client, quoted, components, current > 0);
    return { plan: planLayout(schema, current, { role, partitions: parts, vectors }), vectors };
  };

  const { plan, vectors } = await alone(client, options, planNow);
  if (role !== undefined) await checkRole(client, role);
  if (partitions !== undefined && plan.current > 0) {
    const message = `${place} has its tables already; only new ones can be divided. Move into a new store that is.`;
    throw new ContextbaseError("invalid_argument", message);
  }
  if (!(await confirm(plan, place))) return { place, plan, done: false };
  // Planned anew each time: another update may have done some of it meanwhile.
  const step = async (): Promise<number> => {
    const [next, ...rest] = (await planNow()).plan.transactions;
    if (next !== undefined) await client.query(next);
    return rest.length;
  };
  while ((await alone(client, options, step)) > 0);
  if (vectors.indexes.length > 0) {
    await inTurn(client, schema, async () => {
      const { indexes } = await wishVectors(client, quoted, components, true);
      await makeVectorIndexes(client, quoted, indexes);
    });
  }
  return { place, plan, done: true };
};

/**
 * Makes the tables of a store, or takes them to the newest layout, each migration in a transaction of its own, so that
 * one that is cut off leaves tables of an older layout; and then, while others may write, the indexes of vectors that
 * are missing. The role of the url becomes their owner.
 * @throws ContextbaseError newer_layout, storage_…
 */
export const updateLayout = async (
  options: Omit<PostgresOptions, "pool">,
  update: LayoutUpdate = {},
): Promise<LayoutUpdated> => {
  const checked = checkPostgresOptions(options);
  if (update.partitions !== undefined) checkWhole("partitions", update.partitions, 2, limits.partitions);
  const place = placeOf(checked);
  const client = new Client({ ...configOf(checked.url, checked), application_name: "contextbase update" });
  // The call that is under way meets the same error.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await run(client, place, checked, update);
  } catch (cause) {
    throw explain(cause, place);
  } finally {
    await client.end();
  }
};
