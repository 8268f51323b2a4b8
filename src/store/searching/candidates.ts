import type { Candidate, SearchAnswer, StoredContext } from "../../engine/engine.ts";
import { rankedCandidates, rankOf } from "../../engine/fused-candidates.ts";
import type { Why } from "../../model/searching.ts";
import { fuse, scoreOfRank } from "../../search/fusion.ts";

/** A context that may become a hit, in the version that was found. */
export type FusedCandidate = {
  readonly id: string;
  readonly version: number;
  readonly score: number;
  readonly why: Why;
  /** Where it came along. */
  readonly context: StoredContext | undefined;
};

type WhyOf = (candidate: Candidate, rank: number) => Why;

const whyOfText: WhyOf = ({ score, terms = [] }, rank) => ({ text: { rank, score, terms } });
const whyOfVector: WhyOf = ({ score }, rank) => ({ vector: { rank, similarity: score } });

/** A list that is alone is in its order already. */
const rankAlone = (candidates: readonly Candidate[], whyOf: WhyOf): FusedCandidate[] =>
  candidates.map((candidate, index) => {
    const { id, version, context } = candidate;
    const rank = rankOf(candidate, index);
    return { id, version, score: scoreOfRank(rank), why: whyOf(candidate, rank), context };
  });

const byId = (candidates: readonly Candidate[]): ReadonlyMap<string, Candidate> =>
  new Map(candidates.map((candidate) => [candidate.id, candidate]));

/** What text and vector found, as one list, best first, each with its reasons. */
export const fuseCandidates = ({ byText, byVector }: SearchAnswer): FusedCandidate[] => {
  if (byText.length === 0) return rankAlone(byVector, whyOfVector);
  if (byVector.length === 0) return rankAlone(byText, whyOfText);
  const texts = byId(byText);
  const vectors = byId(byVector);
  return fuse([byText, byVector].map(rankedCandidates)).flatMap(
    ({ key, score, ranks: [textRank, vectorRank] }) => {
      const text = texts.get(key);
      const vector = vectors.get(key);
      const found = text ?? vector;
      // One that was changed between the two looks is of neither version for certain: it is looked at again.
      if (!found) return [];
      const version = text && vector ? Math.max(text.version, vector.version) : found.version;
      const why: Why = {
        ...(text && textRank !== undefined && whyOfText(text, textRank)),
        ...(vector && vectorRank !== undefined && whyOfVector(vector, vectorRank)),
      };
      return [{ id: key, version, score, why, context: found.context }];
    },
  );
};
