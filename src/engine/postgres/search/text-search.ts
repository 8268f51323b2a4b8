import type { PlanStep } from "../../../model/searching.ts";
import type { TextQuery } from "../../../search/text/text-query.ts";
import type { Candidate, SearchQuery } from "../../engine.ts";
import { textArray } from "../connection/binary-array.ts";
import { numberOf, textOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import type { Row } from "../connection/trip.ts";
import { conditionAfter, createShapes, type Fits } from "../finding/fits.ts";
import type { Kept } from "../indexing/kept.ts";
import { prefixOf, quoteTerm, rulesOf } from "../indexing/text-rows.ts";
import { createTermCounts } from "./term-counts.ts";

export type TextAnswer = {
  readonly candidates: readonly Candidate[];
  /** How many texts there are, and how many of them hold each term and prefix. */
  readonly documents: number;
  readonly containing: readonly number[];
  /** How many words a text has, on average. */
  readonly averageLength: number;
  readonly plan: readonly PlanStep[];
  /** Whether some texts were made by other rules, so that they were not found. */
  readonly others: boolean;
};

export type TextSearch = (
  query: SearchQuery & { readonly text: TextQuery },
  fits: Fits | undefined,
) => Promise<TextAnswer>;

const nothing: TextAnswer = {
  candidates: [],
  documents: 0,
  containing: [],
  averageLength: 1,
  plan: [],
  others: false,
};

/** Texts that are weighed at first; and where those may not be all that belong to the best. */
const budgets = [2_000, 20_000, Number.MAX_SAFE_INTEGER] as const;

/** Contexts that fit and are weighed one by one, where no more do. */
const mostAmong = 5_000;

/** What stands before the parameters of a condition: tenant, component, and what find_texts is given. */
const parameters = 9;

const findStatement = (schema: string, condition: string | undefined): string => {
  const find = (among: string, most: string): string =>
    `${schema}.find_texts($2, $3, $4::text[]::tsquery[], $5::text[], $6::bigint[], $7::tsquery, ${among}, $8, ${most})`;
  if (condition === undefined)
    return `SELECT id, version, score, array_to_json(held), place IS NULL, NULL FROM ${find("NULL", "$9")}
      WHERE $1::text IS NOT NULL`;
  const fitting = `${schema}.contexts c WHERE c.tenant = $1 AND c.component = $2 AND NOT c.deleted ${condition}`;
  return `
  WITH fit AS MATERIALIZED (SELECT c.place FROM ${fitting} LIMIT ${mostAmong + 1}),
  counted AS MATERIALIZED (SELECT count(*) AS n FROM fit),
  among AS MATERIALIZED (
    SELECT CASE WHEN n <= ${mostAmong} THEN ARRAY(SELECT place FROM fit) END AS places, n FROM counted
  ),
  found AS MATERIALIZED (
    SELECT f.* FROM among a CROSS JOIN LATERAL ${find("a.places", "CASE WHEN a.places IS NOT NULL THEN $9::int8 END")} f
  )
  SELECT f.id, f.version, f.score, array_to_json(f.held), f.place IS NULL,
    CASE WHEN (SELECT places FROM among) IS NOT NULL THEN (SELECT n FROM among) END
  FROM found f
  WHERE f.place IS NULL OR (SELECT places FROM among) IS NOT NULL
    OR EXISTS (SELECT FROM ${fitting} AND c.place = f.place OFFSET 0)
  ORDER BY f.place IS NOT NULL, f.score DESC, f.id LIMIT $9::int8 + 1`;
};

const bigints = (values: readonly (number | undefined)[]): string =>
  `{${values.map((value) => value ?? "NULL").join(",")}}`;

/** Each phrase, as a query that all of them are in. */
export const phrasesQuery = (phrases: TextQuery["phrases"], prefix: string): string | null =>
  phrases.length === 0
    ? null
    : phrases.map((terms) => `(${terms.map((term) => quoteTerm(prefix, term)).join(" <-> ")})`).join(" & ");

/** What is told of a hit: its terms, and prefixes as they are asked for. */
export const termsAsked = ({ terms, prefixes }: TextQuery): readonly string[] => [
  ...terms,
  ...prefixes.map((prefix) => `${prefix}*`),
];

const heldOf = (row: Row): number[] => {
  const held: number[] = JSON.parse(textOf(row, 3));
  return held;
};

/** @param schema quoted */
export const createTextSearch = (schema: string, { read }: Run, kept: Kept): TextSearch => {
  const shapes = createShapes();
  const counts = createTermCounts();

  return async (query, fits) => {
    const { tenant, component, text, limit } = query;
    const indexing = kept.of(component);
    const all = termsAsked(text);
    if (!indexing || all.length === 0) return nothing;
    const rules = rulesOf(indexing);
    const prefix = prefixOf(query, rules);
    const queries = [
      ...text.terms.map((term) => quoteTerm(prefix, term)),
      ...text.prefixes.map((term) => `${quoteTerm(prefix, term)}:*`),
    ];
    const prefixes = [...text.terms.map(() => undefined), ...text.prefixes.map((term) => prefix + term)];
    const condition = conditionAfter(parameters, fits);
    const find = shapes(findStatement(schema, fits && condition.text));

    const ask = async (budget: number): Promise<Row[]> => {
      const values = [
        tenant,
        component,
        rules,
        textArray(queries),
        textArray(prefixes),
        bigints(queries.map(counts.of)),
        phrasesQuery(text.phrases, prefix),
        String(budget),
        String(limit),
        ...condition.values,
      ];
      const [rows = []] = await read(tenant, [{ statement: find, values }]);
      return rows;
    };

    const toCandidate = (row: Row): Candidate => {
      const held = heldOf(row);
      return {
        id: textOf(row, 0),
        version: numberOf(row, 1),
        score: numberOf(row, 2),
        terms: [...new Set(all.filter((_, index) => (held[index] ?? 0) > 0))],
      };
    };

    for (const budget of budgets) {
      const [info = [], ...found] = await ask(budget);
      const told = heldOf(info);
      const containing = told.slice(0, -1);
      for (const [index, count] of containing.entries()) counts.note(queries[index] ?? "", count);
      const [others, rest] = [textOf(info, 0) === "true", numberOf(info, 2)];
      const worst = found[limit - 1];
      const isWhole = rest === 0 || (worst !== undefined && numberOf(worst, 2) >= rest);
      if (!isWhole && budget !== budgets.at(-1)) continue;
      const among = info[5];
      const way = rest === 0 ? "every term" : "the rarer terms";
      const contexts = among == null ? numberOf(info, 1) : Number(among);
      return {
        candidates: found.map(toCandidate),
        documents: numberOf(info, 1),
        containing,
        averageLength: (told.at(-1) ?? 0) / Math.max(1, numberOf(info, 1)),
        plan: [{ part: "keyword", way, contexts }],
        others,
      };
    }
    return nothing;
  };
};
