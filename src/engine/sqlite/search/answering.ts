import type { PlanStep } from "../../../model/searching.ts";
import type { Candidate, SearchAnswer, SearchQuery } from "../../engine.ts";
import { keepFused } from "../../fused-candidates.ts";
import { filterDocuments } from "./filtering.ts";
import type { Partition } from "./partition.ts";
import type { StoreReader } from "./store-reader.ts";
import { searchText } from "./text-search.ts";

/** A search as it goes to the thread. */
export type Asked = Omit<SearchQuery, "signal">;

type Match = { readonly slot: number; readonly score: number; readonly terms?: readonly string[] };

/** Answers from a partition that has everything which its readings of the store have. */
export const answer = (query: Asked, partition: Partition, reader: StoreReader): SearchAnswer => {
  const { documents, texts, vectors } = partition;
  const { text, vector, where, limit, fused } = query;
  const { fits, count, plan } = filterDocuments(where, partition, reader);
  const toCandidate = ({ slot, score, terms }: Match): Candidate => ({
    id: documents.ids[slot] ?? "",
    version: documents.versions.array[slot] ?? 0,
    score,
    ...(terms && { terms }),
  });
  const steps: PlanStep[] = [...plan];
  if (text) steps.push({ part: "keyword", way: "BM25", contexts: count });
  if (text && documents.threads) steps.push({ part: "thread", way: "words are lent to neighbours" });
  if (vector && vectors) steps.push({ part: "vector", way: "scan of int8 vectors", contexts: count });
  const original = (slot: number): Uint8Array | undefined =>
    reader.document(partition.key, documents.ids[slot] ?? "", onlyEmbeddings)?.embeddings ?? undefined;
  const found: SearchAnswer = {
    byText: text ? searchText(text, documents, texts, where && fits, limit).map(toCandidate) : [],
    byVector:
      vector && vectors ? vectors.search(vector, where && fits, limit, original).map(toCandidate) : [],
    plan: steps,
  };
  return fused === undefined ? found : keepFused(found, fused);
};

const onlyEmbeddings = { content: false, metadata: false, embeddings: true } as const;
