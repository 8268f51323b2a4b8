import { compareText } from "../../base/compare-text.ts";
import { isOf, toVector } from "../../model/embedding-bytes.ts";
import type { Indexing } from "../../model/indexing.ts";
import { parsePath } from "../../model/path.ts";
import type { PlanStep } from "../../model/searching.ts";
import type { FilterSubject } from "../../search/filter/filter.ts";
import { pathsOf } from "../../search/filter/paths-of.ts";
import { valueAt } from "../../search/filter/predicate.ts";
import { cosineSimilarity } from "../../search/similarity.ts";
import type { TextQuery } from "../../search/text/text-query.ts";
import { textsOf } from "../../search/text/texts-of.ts";
import { createThreads } from "../in-memory/document-threads.ts";
import type { SearchAsOfQuery, Standing } from "../port/as-of.ts";
import type { Candidate, SearchAnswer } from "../port/searching.ts";
import { createBest } from "./best.ts";
import { fitsOf } from "./fits.ts";
import type { Gathering } from "./gathering.ts";
import { createQueryTerms } from "./query-terms.ts";
import type { ReadSubject } from "./read-subject.ts";
import { runsOf, scoreTexts } from "./score-texts.ts";

type Looking = {
  readonly take: (standing: Standing, subject: FilterSubject, fits: boolean) => void;
  readonly answer: () => readonly Candidate[];
  readonly steps: (fitting: number) => readonly PlanStep[];
};

const byScore = (a: Candidate, b: Candidate): number => b.score - a.score || compareText(a.id, b.id);

/** By text: all that stood has its part in what a word is worth, and lends to its thread; what fits is found. */
const lookByText = (query: TextQuery, indexing: Indexing, limit: number): Looking => {
  const { searchText, thread } = indexing;
  const paths = thread.length === 0 ? [] : indexing.paths.map(parsePath);
  const threads = createThreads(indexing, paths);
  const found = createQueryTerms(query);
  const documents: { readonly id: string; readonly version: number; readonly fits: boolean }[] = [];
  const lengths: number[] = [];
  return {
    take: ({ id, version, place }, subject, fits) => {
      const slot = documents.push({ id, version, fits }) - 1;
      lengths.push(found.add(slot, textsOf(searchText, subject.content, subject.metadata)));
      threads?.add(
        slot,
        paths.map((path) => valueAt(subject, path)),
        place,
      );
    },
    answer: () => {
      const runs = runsOf(query, found);
      const scores = scoreTexts(query, runs, found, lengths, threads?.links());
      const best = createBest<Candidate & { readonly slot: number }>(limit, byScore);
      for (const [slot, { id, version, fits }] of documents.entries()) {
        const score = scores[slot] ?? 0;
        const holds = fits && score > 0 && query.phrases.every((phrase) => found.hasPhrase(phrase, slot));
        if (holds) best.add({ id, version, score, slot });
      }
      const taken = best.take();
      const terms = new Map(taken.map(({ slot }): [number, string[]] => [slot, []]));
      for (const { term, postings } of runs)
        for (let at = 0; at < postings.count; at++) terms.get(postings.slots[at] ?? 0)?.push(term);
      return taken.map(({ slot, ...candidate }) => ({ ...candidate, terms: terms.get(slot) ?? [] }));
    },
    steps: (contexts) => [
      { part: "keyword", way: "BM25 of every text as it stood", contexts },
      ...(threads ? [{ part: "thread", way: "words are lent to neighbours" } as const] : []),
    ],
  };
};

/** By vector: each that fits is compared. */
const lookByVector = (vector: Float32Array, indexing: Indexing, limit: number): Looking => {
  const best = createBest<Candidate>(limit, byScore);
  return {
    take: ({ id, version, embeddings }, _, fits) => {
      if (!fits || !embeddings || !isOf(embeddings, indexing)) return;
      best.add({ id, version, score: cosineSimilarity(vector, toVector(embeddings)) });
    },
    answer: best.take,
    steps: (contexts) => [{ part: "vector", way: "every vector is compared as it stood", contexts }],
  };
};

/** Searches what stood. Oldest first, so that what ties in a thread follows itself as it does in an index. */
export const gatherSearch = (query: SearchAsOfQuery, read: ReadSubject): Gathering<SearchAnswer> => {
  const { text, vector, where, indexing, limit } = query;
  const fits = fitsOf({ type: undefined, where });
  const byText = text && lookByText(text, indexing, limit);
  const byVector = vector && lookByVector(vector, indexing, limit);
  const looking = [byText, byVector].filter((one) => one !== undefined);
  let fitting = 0;
  return {
    walk: { type: undefined, after: undefined, direction: "oldest first", most: undefined, bodies: true },
    lifted: true,
    take: (standing) => {
      const subject = read(standing);
      const isFitting = fits(subject);
      if (isFitting) fitting++;
      for (const { take } of looking) take(standing, subject, isFitting);
      return true;
    },
    answer: () => ({
      byText: byText?.answer() ?? [],
      byVector: byVector?.answer() ?? [],
      plan: [
        ...(where ? pathsOf(where) : []).map(
          ({ text }): PlanStep => ({ part: "filter", path: text, way: "every context is read as it stood" }),
        ),
        ...looking.flatMap(({ steps }) => steps(fitting)),
      ],
    }),
  };
};
