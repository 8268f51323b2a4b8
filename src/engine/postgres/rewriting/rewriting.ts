import type { ContextKey, Key, Rewriting } from "../../engine.ts";
import { bigintArray } from "../connection/binary-array.ts";
import { asHex, bytesOf, numberOf, textOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Row, statement } from "../connection/trip.ts";
import type { Kept } from "../indexing/kept.ts";
import { createOldVersions, type OldVersion } from "./old-versions.ts";
import { createRewriter } from "./rewrite.ts";

/** An original, and what stands of its context. */
type Original = OldVersion & {
  readonly id: string;
  readonly place: number;
  /** Whether it is current, and not deleted. */
  readonly current: boolean;
  /** Whether another schema version than its own stands now. */
  readonly newer: boolean;
};

const toOriginal = (row: Row): Original => ({
  id: textOf(row, 0),
  place: numberOf(row, 1),
  version: numberOf(row, 2),
  type: textOf(row, 3),
  schemaVersion: numberOf(row, 4),
  content: textOf(row, 5),
  metadata: textOf(row, 6),
  embedded: textOf(row, 7) === "t",
  embeddings: bytesOf(row, 8),
  current: textOf(row, 9) === "t",
  newer: textOf(row, 10) === "t",
});

/** @param schema quoted */
export const createRewriting = (schema: string, run: Run, kept: Kept): Rewriting => {
  const rewriter = createRewriter(schema, run, kept);
  const replaceOld = createOldVersions(schema, run);
  const own = `FROM ${schema}.originals WHERE tenant = $1 AND component = $2`;
  const selectOriginals = statement(`
    SELECT o.id, o.place, o.version, o.type, o.schema_version, o.content, o.metadata, o.embedded,
      ${asHex("o.embeddings")}, NOT c.deleted AND c.version = o.version,
      NOT c.deleted AND c.schema_version > o.schema_version
    FROM (SELECT * ${own} ORDER BY place, version LIMIT $3) o
      LEFT JOIN LATERAL (
        SELECT version, deleted, schema_version FROM ${schema}.contexts
        WHERE tenant = $1 AND component = $2 AND id = o.id OFFSET 0
      ) c ON true
    ORDER BY o.place, o.version`);
  const count = statement(`SELECT count(*) ${own}`);
  const forget = statement(`
    WITH first AS MATERIALIZED (SELECT place, version ${own} LIMIT $3),
    gone AS (
      DELETE ${own} AND (place, version) IN (SELECT place, version FROM first)
    )
    SELECT count(*) FROM first`);
  const remove = statement(`
    DELETE ${own} AND (place, version) IN (SELECT * FROM unnest($3::int8[], $4::int8[]))`);

  const remaining = statement(`
    SELECT count(*) ${own} AND (place, version) IN (SELECT * FROM unnest($3::int8[], $4::int8[]))`);

  const placesOf = (originals: readonly Original[]) => [
    bigintArray(originals.map(({ place }) => place)),
    bigintArray(originals.map(({ version }) => version)),
  ];

  /** @returns how many stand again. A try whose answer was lost may have done it: what is left of them tells. */
  const putBack = async (key: Key, originals: readonly Original[]): Promise<number> => {
    const done = await rewriter.putBack(key, originals);
    if (done === originals.length) return done;
    const values = [key.tenant, key.component, ...placesOf(originals)];
    const [[row = []] = []] = await run.read(key.tenant, [{ statement: remaining, values }]);
    return originals.length - numberOf(row, 0);
  };

  const putOldBack = async (key: Key, originals: readonly Original[]): Promise<void> => {
    if (originals.length === 0) return;
    const { tenant, component } = key;
    for (const original of originals) {
      const context: ContextKey = { ...key, id: original.id };
      await replaceOld(context, original);
    }
    const values = [tenant, component, ...placesOf(originals)];
    await run.write(tenant, [{ statement: remove, values }]);
  };

  return {
    outdated: rewriter.outdated,
    rewrite: (key, rewrites) => run.call(() => rewriter.rewrite(key, rewrites)),

    countOriginals: async ({ tenant, component }) => {
      const [[row = []] = []] = await run.read(tenant, [{ statement: count, values: [tenant, component] }]);
      return numberOf(row, 0);
    },

    rollBack: (key, limit) =>
      run.call(async () => {
        const { tenant, component } = key;
        const values = [tenant, component, String(limit)];
        const [rows = []] = await run.read(tenant, [{ statement: selectOriginals, values }]);
        const originals = rows.map(toOriginal);
        const old = originals.filter(({ current }) => !current);
        const current = originals.filter((one) => one.current);
        const restored = await putBack(key, current);
        await putOldBack(key, old);
        const stays = old.filter(({ newer }) => newer).map(({ id }) => id);
        return { restored, kept: [...new Set(stays)], originals: originals.length };
      }),

    forgetOriginals: (key, limit) =>
      run.call(async () => {
        const { tenant, component } = key;
        const values = [tenant, component, String(limit)];
        const [[row = []] = []] = await run.write(tenant, [{ statement: forget, values }]);
        return numberOf(row, 0);
      }),
  };
};
