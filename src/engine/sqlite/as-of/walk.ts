import type { Database } from "better-sqlite3-multiple-ciphers";
import { isStanding } from "../../as-of/standing.ts";
import type { Key, Standing, StandingQuery } from "../../engine.ts";
import { type ContextRow, toStored } from "../layout/rows.ts";
import type { Versions } from "../reading/versions.ts";

/** What stood at a time, one after another: of whom it is asked for no more, no more is read. */
export type AsOfWalk = (query: StandingQuery) => Iterable<Standing>;

type Parameters = Key & { readonly place: number; readonly at: number };

const heads =
  "component, id, version, deleted, place, type, schema_version, created_at, updated_at, actor, parent, expires_at";
/** What was written since did not stand then: it is not read. */
const bodies = ["content", "metadata", "embeddings"]
  .map((name) => `CASE WHEN updated_at <= :at THEN ${name} END AS ${name}`)
  .join(", ");
const noBodies = "'' AS content, '' AS metadata, NULL AS embeddings";

/** By two indexes, of what stands now and of what is deleted, which are merged as they are read. */
const prepareWalks = (database: Database, body: string) => {
  const prepare = (beyond: "<" | ">", way: "DESC" | "ASC") => {
    const part = (index: string, deleted: 0 | 1): string =>
      `SELECT ${heads}, ${body} FROM contexts INDEXED BY ${index}
       WHERE tenant = :tenant AND component = :component AND deleted = ${deleted}
         AND place ${beyond} :place AND created_at <= :at`;
    return database.prepare<Parameters, ContextRow>(
      `${part("contexts_by_place", 0)} UNION ALL ${part("contexts_deleted", 1)} ORDER BY place ${way}`,
    );
  };
  return { "newest first": prepare("<", "DESC"), "oldest first": prepare(">", "ASC") };
};

const ends = { "newest first": Number.MAX_SAFE_INTEGER, "oldest first": 0 } as const;

export const createAsOfWalk = (database: Database, versions: Versions): AsOfWalk => {
  const walks = { with: prepareWalks(database, bodies), without: prepareWalks(database, noBodies) };

  return function* walk({ tenant, component, at, type, after, direction, bodies }) {
    const statement = walks[bodies ? "with" : "without"][direction];
    for (const row of statement.iterate({ tenant, component, at, place: after ?? ends[direction] })) {
      const stood =
        row.updated_at > at
          ? versions.asOf({ tenant, component, id: row.id }, at, bodies ? "with body" : "without body")
          : isStanding(row.expires_at, at)
            ? toStored(row)
            : undefined;
      if (stood && (type === undefined || stood.type === type)) yield { ...stood, place: row.place };
    }
  };
};
