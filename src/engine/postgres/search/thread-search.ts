import { compareText } from "../../../base/compare-text.ts";
import type { Indexing } from "../../../model/indexing.ts";
import { renderSql } from "../../../search/filter/sql.ts";
import { inverseDocumentFrequency } from "../../../search/text/bm25.ts";
import { askingTerm } from "../../../search/text/marks.ts";
import { scoreThreads } from "../../../search/text/score-threads.ts";
import type { Postings } from "../../../search/text/score-windows.ts";
import type { TextQuery } from "../../../search/text/text-query.ts";
import { linkThreads, type ThreadLinks } from "../../../search/text/thread-links.ts";
import type { Candidate, SearchQuery } from "../../engine.ts";
import type { KeyValue } from "../../key-values.ts";
import { textArray } from "../binary-array.ts";
import { numberOf, textOf } from "../rows.ts";
import type { Run } from "../session.ts";
import type { Row } from "../trip.ts";
import { createShapes, type Fits, toValue } from "./fits.ts";
import { prefixOf, quoteTerm, rulesOf } from "./text-rows.ts";
import { phrasesQuery, type TextAnswer, type TextSearch } from "./text-search.ts";
import { threadParameters, threadStatement } from "./thread-statement.ts";

/** Texts that lend at first; more where a filter leaves too few of those that are lent to. */
const lending = [500, 5_000, 50_000] as const;

export type ThreadSearch = (
  query: SearchQuery & { readonly text: TextQuery },
  indexing: Indexing,
  fits: Fits | undefined,
) => Promise<TextAnswer>;

/** A context of a thread that was reached. */
type Member = {
  readonly id: string;
  readonly version: number;
  readonly length: number;
  readonly thread: number;
  readonly order: KeyValue;
  readonly frequencies: readonly number[];
  readonly fits: boolean;
};

const toMember = (row: Row): Member => {
  const frequencies: number[] = JSON.parse(textOf(row, 7));
  return {
    id: textOf(row, 0),
    version: numberOf(row, 1),
    length: numberOf(row, 2),
    thread: numberOf(row, 3),
    order: { kind: Number(row[4] ?? 0), number: Number(row[5] ?? 0), text: textOf(row, 6) },
    frequencies,
    fits: row[8] === "t",
  };
};

const compareKeys = (a: KeyValue, b: KeyValue): number =>
  a.kind - b.kind || a.number - b.number || compareText(a.text, b.text);

const linksOf = (members: readonly Member[]): ThreadLinks => {
  const { links, add } = linkThreads(compareKeys);
  for (const [slot, { thread, order }] of members.entries())
    if (thread >= 0) add(slot, String(thread), order);
  return links();
};

/** Where the term at a place of `frequencies` stands. */
const postingsAt = (members: readonly Member[], term: number): Postings => {
  const slots: number[] = [];
  const frequencies: number[] = [];
  for (const [slot, member] of members.entries()) {
    const frequency = member.frequencies[term] ?? 0;
    if (frequency === 0) continue;
    slots.push(slot);
    frequencies.push(frequency);
  }
  return { slots, frequencies, count: slots.length };
};

/**
 * Searches a component with threads: those that hold the terms best lend to their neighbours (search/text), as far as
 * their threads were reached. @param schema quoted
 */
export const createThreadSearch = (schema: string, { read }: Run, searchText: TextSearch): ThreadSearch => {
  const shapes = createShapes();

  const search = async (
    query: SearchQuery & { readonly text: TextQuery },
    { thread, order = "", ...indexing }: Indexing,
    fits: Fits | undefined,
    lenders: number,
  ): Promise<TextAnswer & { readonly isWhole: boolean }> => {
    const { tenant, component, text, limit } = query;
    const own = await searchText({ ...query, limit: lenders }, undefined);
    const isWhole = own.candidates.length < lenders;
    if (own.candidates.length === 0) return { ...own, isWhole };
    const prefix = prefixOf(query, rulesOf({ thread, order, ...indexing }));
    // Terms that add to no score by themselves come last: they have no weight.
    const terms = [...text.terms, ...text.names, askingTerm];
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
      textArray(own.candidates.map(({ id }) => id)),
      textArray([...thread, order]),
      textArray(terms.map((term) => quoteTerm(prefix, term))),
      textArray(text.prefixes.map((one) => prefix + one)),
      phrasesQuery(text.phrases, prefix),
      ...(fits?.check.values.map(toValue) ?? []),
    ];
    const [rows = []] = await read(tenant, [{ statement: shapes(threadStatement(schema, shape)), values }]);
    const members = rows.map(toMember);
    const postings = [...terms, ...text.prefixes].map((_, term) => postingsAt(members, term));
    const weighed = [...text.terms.map((_, at) => at), ...text.prefixes.map((_, at) => terms.length + at)];
    const weights = weighed.map((_, at) => inverseDocumentFrequency(own.documents, own.containing[at] ?? 0));
    const none: Postings = { slots: [], frequencies: [], count: 0 };
    const lengths = members.map(({ length }) => length);
    const averageLength = own.averageLength;
    const scores = scoreThreads(
      {
        terms: weighed.map((term, at) => ({
          postings: postings[term] ?? none,
          inverseFrequency: weights[at] ?? 0,
        })),
        names: text.names.map((_, at) => postings[text.terms.length + at] ?? none),
        asking: postings[terms.length - 1] ?? none,
      },
      linksOf(members),
      { lengths, averageLength },
      members.length,
    );
    const all = [...text.terms, ...text.prefixes];
    const toCandidate = (slot: number): Candidate => {
      const { id = "", version = 0, frequencies = [] } = members[slot] ?? {};
      const held = all.filter((_, at) => (frequencies[weighed[at] ?? -1] ?? 0) > 0);
      return { id, version, score: scores[slot] ?? 0, terms: [...new Set(held)] };
    };
    const best = [...members.keys()]
      .filter((slot) => members[slot]?.fits && (scores[slot] ?? 0) > 0)
      .map(toCandidate)
      .sort((a, b) => b.score - a.score || compareText(a.id, b.id))
      .slice(0, limit);
    const plan = [
      ...own.plan,
      { part: "thread", way: "words are lent to neighbours", contexts: members.length },
    ] as const;
    return { ...own, candidates: best, plan, isWhole };
  };

  return async (query, indexing, fits) => {
    for (const lenders of lending) {
      const answer = await search(query, indexing, fits, Math.max(lenders, query.limit));
      if (answer.isWhole || answer.candidates.length >= query.limit || lenders === lending.at(-1))
        return answer;
    }
    throw new Error("A search by threads ended without an answer.");
  };
};
