import type { Candidate, SearchAnswer, StoredContext } from "../../engine/engine.ts";
import { rankedCandidates } from "../../engine/fused-candidates.ts";
import type { Why } from "../../model/searching.ts";
import { fuse } from "../../search/fusion.ts";

/** A context that may become a hit, in the version that was found. */
export type FusedCandidate = {
  readonly id: string;
  readonly version: number;
  readonly score: number;
  readonly why: Why;
  /** Where it came along. */
  readonly context: StoredContext | undefined;
};

const byId = (candidates: readonly Candidate[]): ReadonlyMap<string, Candidate> =>
  new Map(candidates.map((candidate) => [candidate.id, candidate]));

/** What text and vector found, as one list, best first, each with its reasons. */
export const fuseCandidates = ({ byText, byVector }: SearchAnswer): FusedCandidate[] => {
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
        ...(text &&
          textRank !== undefined && { text: { rank: textRank, score: text.score, terms: text.terms ?? [] } }),
        ...(vector && vectorRank !== undefined && { vector: { rank: vectorRank, similarity: vector.score } }),
      };
      return [{ id: key, version, score, why, context: found.context }];
    },
  );
};
