import { fuse, type Ranked } from "../search/fusion.ts";
import type { Candidate } from "./port/searching.ts";

/** A candidate's place in its list, from 1. */
export const rankOf = ({ rank }: Candidate, index: number): number => rank ?? index + 1;

/** The places of candidates in their list. */
export const rankedCandidates = (candidates: readonly Candidate[]): Ranked[] =>
  candidates.map((candidate, index) => ({ key: candidate.id, rank: rankOf(candidate, index) }));

/** Leaves in both lists what is among the best of the two fused, so that nothing else is on its way for nothing. */
export const keepFused = <Found extends Ranked>(
  byText: readonly Found[],
  byVector: readonly Found[],
  most: number,
): readonly [byText: readonly Found[], byVector: readonly Found[]] => {
  if (byText.length === 0 || byVector.length === 0) return [byText, byVector];
  const best = fuse([byText, byVector]).slice(0, most);
  const kept = new Set(best.map(({ key }) => key));
  const isKept = ({ key }: Found): boolean => kept.has(key);
  return [byText.filter(isKept), byVector.filter(isKept)];
};
