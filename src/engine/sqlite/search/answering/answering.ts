import type { PlanStep } from "../../../../model/searching.ts";
import type { Ranked } from "../../../../search/fusion.ts";
import type { Candidate, SearchAnswer, SearchQuery, StoredContext } from "../../../engine.ts";
import { keepFused } from "../../../fused-candidates.ts";
import type { Partition } from "../partition/partition.ts";
import type { StoreReader } from "../store/store-reader.ts";
import { searchText } from "../text/text-search.ts";
import { filterDocuments } from "./filtering.ts";

/** A search as it goes to the thread. */
export type Asked = Omit<SearchQuery, "signal">;

/** What candidates are read from, by slot, where contexts come along. */
type Brought = Map<number, StoredContext | undefined>;

type Match = { readonly slot: number; readonly score: number };
type RankedMatch = Match & Ranked;

/**
 * Answers from a partition that has everything which its readings of the store have.
 * @param brings whether contexts come along where they are wanted
 */
export const answer = (
  query: Asked,
  partition: Partition,
  reader: StoreReader,
  brings: boolean,
): SearchAnswer => {
  const { documents, texts, vectors } = partition;
  const { text, vector, where, limit, fused } = query;
  const { fits, count, plan } = filterDocuments(where, partition, reader);
  const brought: Brought | undefined = brings && query.brings ? new Map() : undefined;
  const idOf = (slot: number): string => documents.ids[slot] ?? "";
  const rowOf = (slot: number): number | undefined => documents.rows.array[slot];
  const bring = (slot: number, into: Brought): StoredContext | undefined => {
    const context = into.get(slot) ?? reader.context(partition.key, idOf(slot), rowOf(slot));
    into.set(slot, context);
    return context;
  };
  const rank = (matches: readonly Match[]): readonly RankedMatch[] =>
    matches.map(({ slot, score }, index) => ({ slot, score, key: idOf(slot), rank: index + 1 }));
  const toCandidate = ({ slot, score, key: id, rank }: RankedMatch): Candidate => {
    const version = documents.versions.array[slot] ?? 0;
    const context = brought && bring(slot, brought);
    return context ? { id, version, score, rank, context } : { id, version, score, rank };
  };
  const steps: PlanStep[] = [...plan];
  if (text) steps.push({ part: "keyword", way: "BM25", contexts: count });
  if (text && documents.threads) steps.push({ part: "thread", way: "words are lent to neighbours" });
  if (vector && vectors) steps.push({ part: "vector", way: "scan of int8 vectors", contexts: count });
  const original = (slot: number): Uint8Array | undefined =>
    brought ? bring(slot, brought)?.embeddings : reader.embedding(partition.key, idOf(slot), rowOf(slot));
  const found = text && searchText(text, documents, texts, where && fits, limit);
  // Who has the contexts come along puts them in order by what they hold.
  const asked = { fits: where && fits, limit, inOrder: !query.brings };
  const near = vector && vectors ? vectors.search({ ...asked, vector }, original) : [];
  const both = [rank(found?.matches ?? []), rank(near)] as const;
  const [byText, byVector] = fused === undefined ? both : keepFused(...both, fused);
  return {
    byText: byText.map((match) => ({ ...toCandidate(match), terms: found?.termsAt(match.slot) ?? [] })),
    byVector: byVector.map(toCandidate),
    plan: steps,
  };
};
