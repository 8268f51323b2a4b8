import { elementKind } from "../../finding/key-values.ts";
import { frequencyOf, frequencyOfPrefix } from "../layout/text-function.ts";

/** What stands before the parameters of a condition. */
export const threadParameters = 7;

export type ThreadStatement = {
  readonly thread: readonly string[];
  readonly terms: number;
  readonly prefixes: number;
  /** What a context must fit, as a condition on the row `c` of `contexts`; "" for nothing. */
  readonly condition: string;
};

/**
 * Reads the threads that some contexts stand in, whole: of each member the number of its thread, its value in the
 * thread's order, and how often each term stands in its text, where it has one. The keys of declared paths lead there.
 *
 * Parameters: tenant, component, ids, the paths of the thread and behind them that of the order, a query for each term,
 * the beginning of each prefix, and the query that a text must fit, or NULL.
 * @param schema quoted
 */
export const threadStatement = (
  schema: string,
  { thread, terms, prefixes, condition }: ThreadStatement,
): string => {
  // By the place first, so that no plan walks over all rows of a path.
  const keyAt = (path: number, place: string): string =>
    `(SELECT kind, number, text FROM (SELECT * FROM ${schema}.keys WHERE tenant = $1 AND place = ${place} OFFSET 0) k
        WHERE component = $2 AND path = ($4::text[])[${path}] AND kind < ${elementKind} AND kind > 0 OFFSET 0)`;
  const places = thread.map((_, index) => index + 1);
  const values = places.map((at) => `k${at}.kind, k${at}.number, k${at}.text`).join(", ");
  const columns = places.map((at) => `kind${at}, number${at}, text${at}`).join(", ");
  const keys = places
    .map((at) => (at === 1 ? "first" : `k${at}`))
    .map((key) => `${key}.kind, ${key}.number, ${key}.text`);
  const others = places.slice(1).map((at) => `CROSS JOIN LATERAL ${keyAt(at, "first.place")} k${at}`);
  const frequencies = [
    ...Array.from({ length: terms }, (_, at) => frequencyOf("x.terms", `($5::text[]::tsquery[])[${at + 1}]`)),
    ...Array.from({ length: prefixes }, (_, at) => frequencyOfPrefix("x.terms", `($6::text[])[${at + 1}]`)),
  ];
  return `
  WITH found AS MATERIALIZED (
    SELECT c.place FROM unnest($3::text[]) AS asked (id) CROSS JOIN LATERAL (
      SELECT place FROM ${schema}.contexts WHERE tenant = $1 AND component = $2 AND id = asked.id OFFSET 0
    ) c WHERE $6::text[] IS NOT NULL
  ),
  threads AS MATERIALIZED (
    SELECT row_number() OVER () - 1 AS thread, t.* FROM (
      SELECT DISTINCT ${values} FROM found f ${places.map((at) => `CROSS JOIN LATERAL ${keyAt(at, "f.place")} k${at}`).join(" ")}
    ) t (${columns})
  ),
  reached AS MATERIALIZED (
    SELECT first.place, ${keys.join(", ")} FROM (SELECT DISTINCT kind1, number1, text1 FROM threads) head
      CROSS JOIN LATERAL (
        SELECT place, kind, number, text FROM ${schema}.keys k WHERE tenant = $1 AND component = $2
          AND path = ($4::text[])[1] AND k.kind = head.kind1 AND k.number = head.number1 AND k.text = head.text1 OFFSET 0
      ) first
      ${others.join(" ")}
  ),
  members AS MATERIALIZED (
    SELECT r.place, t.thread FROM reached r (place, ${columns}) JOIN threads t USING (${columns})
    UNION ALL
    SELECT f.place, -1 FROM found f WHERE NOT (${places.map((at) => `EXISTS ${keyAt(at, "f.place")}`).join(" AND ")})
  )
  SELECT c.id, c.version, coalesce(x.length, 0), m.thread, o.kind, o.number, o.text,
    array_to_json(ARRAY[${frequencies.join(", ")}]::int4[]), ($7::tsquery IS NULL OR x.terms @@ $7::tsquery) ${condition}
  FROM members m
    CROSS JOIN LATERAL (
      SELECT * FROM ${schema}.contexts WHERE tenant = $1 AND component = $2 AND place = m.place AND NOT deleted OFFSET 0
    ) c
    LEFT JOIN LATERAL (
      SELECT * FROM ${schema}.texts WHERE tenant = $1 AND component = $2 AND place = m.place OFFSET 0
    ) x ON true
    LEFT JOIN LATERAL ${keyAt(thread.length + 1, "m.place")} o ON true
  ORDER BY m.place`;
};
