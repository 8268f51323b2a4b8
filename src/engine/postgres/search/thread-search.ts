import { limits } from "../../../base/limits.ts";
import type { Indexing } from "../../../model/indexing.ts";
import { renderSql } from "../../../search/filter/sql.ts";
import type { TextQuery } from "../../../search/text/text-query.ts";
import type { SearchQuery } from "../../engine.ts";
import { textArray } from "../connection/binary-array.ts";
import type { Run } from "../connection/run.ts";
import { createShapes, type Fits, toValue } from "../finding/fits.ts";
import { prefixOf, quoteTerm, rulesOf } from "../indexing/text-rows.ts";
import { phrasesQuery, type TextAnswer, type TextSearch } from "./text-search.ts";
import { type Asked, askedBy, bestMembers, type Member, scoreMembers, toMember } from "./thread-members.ts";
import { threadParameters, threadStatement } from "./thread-statement.ts";

type ThreadQuery = SearchQuery & { readonly text: TextQuery };

export type ThreadSearch = (
  query: ThreadQuery,
  indexing: Indexing,
  fits: Fits | undefined,
) => Promise<TextAnswer>;

/**
 * Searches a component with threads: those that hold the terms best lend to their neighbours (search/text), as far as
 * their threads were reached. @param schema quoted
 */
export const createThreadSearch = (schema: string, { read }: Run, searchText: TextSearch): ThreadSearch => {
  const shapes = createShapes();

  /** The threads that texts stand in, whole. */
  const readMembers = async (
    query: ThreadQuery,
    ids: readonly string[],
    indexing: Indexing,
    { terms }: Asked,
    fits: Fits | undefined,
  ): Promise<Member[]> => {
    const { tenant, component, text } = query;
    const { thread, order = "" } = indexing;
    const prefix = prefixOf(query, rulesOf(indexing));
    const check = fits && renderSql(fits.check, (number) => `$${threadParameters + number}`);
    const shape = {
      thread,
      terms: terms.length,
      prefixes: text.prefixes.length,
      condition: check === undefined ? "" : `AND ${check}`,
    };
    const values = [
      tenant,
      component,
      textArray(ids),
      textArray([...thread, order]),
      textArray(terms.map((term) => quoteTerm(prefix, term))),
      textArray(text.prefixes.map((one) => prefix + one)),
      phrasesQuery(text.phrases, prefix),
      ...(fits?.check.values.map(toValue) ?? []),
    ];
    const [rows = []] = await read(tenant, [{ statement: shapes(threadStatement(schema, shape)), values }]);
    return rows.map(toMember);
  };

  const search = async (
    query: ThreadQuery,
    indexing: Indexing,
    fits: Fits | undefined,
    lenders: number,
  ): Promise<TextAnswer & { readonly isWhole: boolean }> => {
    const { text, limit } = query;
    const own = await searchText({ ...query, limit: lenders }, undefined);
    const isWhole = own.candidates.length < lenders;
    if (own.candidates.length === 0) return { ...own, isWhole };
    const asked = askedBy(text);
    const ids = own.candidates.map(({ id }) => id);
    const members = await readMembers(query, ids, indexing, asked, fits);
    const scores = scoreMembers(members, text, asked, own);
    const candidates = bestMembers(members, scores, text, asked, limit);
    const step = { part: "thread", way: "words are lent to neighbours", contexts: members.length } as const;
    return { ...own, candidates, plan: [...own.plan, step], isWhole };
  };

  return async (query, indexing, fits) => {
    const { lendingTexts } = limits;
    for (const lenders of lendingTexts) {
      const answer = await search(query, indexing, fits, Math.max(lenders, query.limit));
      if (answer.isWhole || answer.candidates.length >= query.limit || lenders === lendingTexts.at(-1))
        return answer;
    }
    throw new Error("A search by threads ended without an answer.");
  };
};
