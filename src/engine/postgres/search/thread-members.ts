import { compareText } from "../../../base/compare-text.ts";
import { inverseDocumentFrequency } from "../../../search/text/bm25.ts";
import { askingTerm } from "../../../search/text/marks.ts";
import { scoreThreads } from "../../../search/text/score-threads.ts";
import type { Postings } from "../../../search/text/score-windows.ts";
import type { TextQuery } from "../../../search/text/text-query.ts";
import { linkThreads, type ThreadLinks } from "../../../search/text/thread-links.ts";
import type { Candidate } from "../../engine.ts";
import { compareKeyValues, type KeyValue } from "../../finding/key-values.ts";
import { numberOf, textOf } from "../connection/rows.ts";
import type { Row } from "../connection/trip.ts";
import { type TextAnswer, termsAsked } from "./text-search.ts";

/** A context of a thread that was reached. */
export type Member = {
  readonly id: string;
  readonly version: number;
  readonly length: number;
  readonly thread: number;
  readonly order: KeyValue;
  readonly frequencies: readonly number[];
  readonly fits: boolean;
};

/** A row of `threadStatement`. */
export const toMember = (row: Row): Member => {
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

/** Members come in the order of their first writing, and what ties in a thread's follows itself so. */
const linksOf = (members: readonly Member[]): ThreadLinks => {
  const { links, add } = linkThreads(compareKeyValues);
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

/** Terms of a query, in the order of `frequencies`: those that count, those without weight; behind them its prefixes. */
export type Asked = {
  readonly terms: readonly string[];
  /** Where those that count stand: the terms of the query, then its prefixes. */
  readonly weighed: readonly number[];
};

export const askedBy = ({ terms, names, prefixes }: TextQuery): Asked => {
  const all = [...terms, ...names, askingTerm];
  return { terms: all, weighed: [...terms.keys(), ...prefixes.map((_, at) => all.length + at)] };
};

const nowhere: Postings = { slots: [], frequencies: [], count: 0 };

/** What each member is worth by its own words and those that its neighbours lend it. */
export const scoreMembers = (
  members: readonly Member[],
  { names, prefixes, terms: own }: TextQuery,
  { terms, weighed }: Asked,
  { documents, containing, averageLength }: TextAnswer,
): ArrayLike<number> => {
  const postings = [...terms, ...prefixes].map((_, term) => postingsAt(members, term));
  return scoreThreads(
    {
      terms: weighed.map((term, at) => ({
        postings: postings[term] ?? nowhere,
        inverseFrequency: inverseDocumentFrequency(documents, containing[at] ?? 0),
      })),
      names: names.map((_, at) => postings[own.length + at] ?? nowhere),
      asking: postings[terms.length - 1] ?? nowhere,
    },
    linksOf(members),
    { lengths: members.map(({ length }) => length), averageLength },
    members.length,
  );
};

/** The best that fit, and which terms each holds itself. */
export const bestMembers = (
  members: readonly Member[],
  scores: ArrayLike<number>,
  text: TextQuery,
  { weighed }: Asked,
  limit: number,
): Candidate[] => {
  const all = termsAsked(text);
  return members
    .flatMap(({ id, version, frequencies, fits }, slot): Candidate[] => {
      const score = scores[slot] ?? 0;
      if (!fits || score <= 0) return [];
      const held = all.filter((_, at) => (frequencies[weighed[at] ?? -1] ?? 0) > 0);
      return [{ id, version, score, terms: [...new Set(held)] }];
    })
    .sort((a, b) => b.score - a.score || compareText(a.id, b.id))
    .slice(0, limit);
};
