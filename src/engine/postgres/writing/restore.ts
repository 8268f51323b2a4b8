import { isDeepStrictEqual } from "node:util";
import { ContextbaseError } from "../../../base/errors.ts";
import type { Engine, Entry } from "../../engine.ts";
import type { Changes } from "../changes/changes.ts";
import {
  bigintArray,
  booleanArray,
  bytesArray,
  integerArray,
  textArray,
} from "../connection/binary-array.ts";
import { numberOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Statement, type Step, statement } from "../connection/trip.ts";
import { type FoundRow, foundValues } from "../indexing/found-rows.ts";
import type { Kept } from "../indexing/kept.ts";
import { markNewTenant } from "../indexing/key-rows.ts";
import { restoreStatement } from "./restore-statement.ts";

type RestoreStatements = { readonly plain: Statement; readonly found: Statement; readonly vectors: boolean };

const restoreStep = (
  restore: RestoreStatements,
  tenant: string,
  entries: readonly Entry[],
  found: readonly FoundRow[],
): Step => {
  const each = <Value>(take: (entry: Entry) => Value): Value[] => entries.map(take);
  return {
    statement: found.length > 0 ? restore.found : restore.plain,
    values: [
      tenant,
      bigintArray(each(({ change }) => change.position)),
      booleanArray(each(({ change }) => change.operation === "delete")),
      textArray(each(({ change }) => change.component)),
      textArray(each(({ change }) => change.id)),
      textArray(each(({ change }) => change.type)),
      bigintArray(each(({ change }) => change.version)),
      bigintArray(each(({ change }) => change.at)),
      textArray(each(({ change }) => change.actor)),
      textArray(each(({ change }) => change.write)),
      integerArray(each(({ schemaVersion }) => schemaVersion)),
      textArray(each(({ body }) => body?.content ?? "{}")),
      textArray(each(({ body }) => body?.metadata ?? "{}")),
      bytesArray(each(({ body }) => body?.embeddings)),
      bigintArray(each(({ parent }) => parent)),
      bigintArray(each(({ expiresAt }) => expiresAt)),
      booleanArray(each(({ removed }) => removed === true)),
      ...(found.length > 0 ? foundValues(found, restore.vectors) : []),
    ],
  };
};

const notFollowing = (tenant: string, position: number): ContextbaseError => {
  const message = `Change ${position} does not follow the last one of tenant ${JSON.stringify(tenant)}. Move into an empty store, or go on with the move that filled this one.`;
  return new ContextbaseError("version_conflict", message, { details: { tenant, position } });
};

/** Appends entries of another store as they are. @param schema quoted */
export const createRestore = (
  schema: string,
  { commit }: Run,
  changes: Changes,
  kept: Kept,
): Engine["restore"] => {
  const lock = statement(`
    WITH locked AS (
      INSERT INTO ${schema}.tenants AS t (tenant, position) VALUES ($1, 0)
      ON CONFLICT (tenant) DO UPDATE SET position = t.position RETURNING tenant, position
    )
    ${markNewTenant(schema, "(SELECT * FROM locked WHERE position = 0)")}`);
  const restoreFor = kept.forTypes(
    (types): RestoreStatements => ({
      plain: statement(restoreStatement(schema)),
      found: statement(restoreStatement(schema, { types })),
      vectors: types !== undefined,
    }),
  );

  return async (tenant, entries) => {
    const [first] = entries;
    if (!first) return;
    const broken = entries.find((entry, index) => entry.change.position !== first.change.position + index);
    if (broken) throw notFollowing(tenant, broken.change.position);
    let repeated = false;
    const bodies = entries.map(({ change, body }) => ({ component: change.component, ...body }));
    await kept.learn(bodies.map(({ component }) => component));
    const found = await kept.rows(tenant, bodies);
    const steps = [
      { statement: lock, values: kept.newTenant(tenant) },
      restoreStep(restoreFor(), tenant, entries, found),
      ...kept.forget(tenant, bodies),
    ];
    const [, [restored] = []] = await commit(tenant, (again) => {
      repeated = again;
      return { steps, read: (rows) => rows };
    });
    if (restored && numberOf(restored, 0) === entries.length) return;
    // An earlier try, whose answer was lost, may have done it.
    const stand = repeated ? await changes.after(tenant, first.change.position - 1, entries.length) : [];
    if (
      isDeepStrictEqual(
        stand,
        entries.map(({ change }) => change),
      )
    )
      return;
    throw notFollowing(tenant, first.change.position);
  };
};
