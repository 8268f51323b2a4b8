import { fuse, type Ranked } from "../search/fusion.ts";
import type { Candidate, SearchAnswer } from "./port/searching.ts";

/** A candidate's place in its list, from 1. */
export const rankOf = ({ rank }: Candidate, index: number): number => rank ?? index + 1;

/** The places of candidates in their list. */
export const rankedCandidates = (candidates: readonly Candidate[]): Ranked[] =>
  candidates.map((candidate, index) => ({ key: candidate.id, rank: rankOf(candidate, index) }));

/** Leaves in both lists those that are among the best of the two fused, so that no others are on their way for nothing. */
export const keepFused = (answer: SearchAnswer, most: number): SearchAnswer => {
  const lists = [answer.byText, answer.byVector] as const;
  if (lists.some((list) => list.length === 0)) return answer;
  const best = fuse(lists.map(rankedCandidates)).slice(0, most);
  const kept = new Set(best.map(({ key }) => key));
  const keep = (list: readonly Candidate[]): Candidate[] =>
    list.flatMap((candidate, index) => (kept.has(candidate.id) ? [{ ...candidate, rank: index + 1 }] : []));
  return { ...answer, byText: keep(answer.byText), byVector: keep(answer.byVector) };
};
