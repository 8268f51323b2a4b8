import { isObject, type Json } from "../../../src/base/json.ts";
import type { Engine, Key, SearchQuery, Write } from "../../../src/engine/engine.ts";
import type { Component } from "../../../src/index.ts";
import { toEmbeddingBytes } from "../../../src/model/embedding-bytes.ts";
import type { Filter, FilterSubject } from "../../../src/search/filter/filter.ts";
import { createPredicate } from "../../../src/search/filter/predicate.ts";
import { cosineSimilarity } from "../../../src/search/similarity.ts";
import { inverseDocumentFrequency, termWeight } from "../../../src/search/text/bm25.ts";
import { type DocumentTerms, documentTerms } from "../../../src/search/text/document-terms.ts";
import type { TextQuery } from "../../../src/search/text/text-query.ts";
import { textsOf } from "../../../src/search/text/texts-of.ts";

/** A context that the oracle knows. */
export type Known = FilterSubject & { readonly vector: Float32Array | undefined };

export type Found = { readonly id: string; readonly version: number; readonly score: number };

/** Everything that was stored of one component of one tenant, searched by looking at all of it. */
export type Oracle = {
  readonly contexts: Map<string, Known>;
  readonly byText: (query: TextQuery, where: Filter | undefined) => Found[];
  readonly byVector: (vector: Float32Array, where: Filter | undefined) => Found[];
};

const sorted = (found: readonly Found[]): Found[] =>
  found.toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));

const hasPhrase = (positions: ReadonlyMap<string, readonly number[]>, phrase: readonly string[]): boolean =>
  (positions.get(phrase[0] ?? "") ?? []).some((start) =>
    phrase.every((term, at) => positions.get(term)?.includes(start + at)),
  );

const known = new WeakMap<object, DocumentTerms>();

const termsOf = (content: Json, make: () => DocumentTerms): DocumentTerms => {
  const name = isObject(content) ? content : {};
  const terms = known.get(name) ?? make();
  known.set(name, terms);
  return terms;
};

export const createOracle = (component: Component): Oracle => {
  const contexts = new Map<string, Known>();
  const fitting = (where: Filter | undefined): Known[] => {
    const fits = where ? createPredicate(where) : () => true;
    return [...contexts.values()].filter(fits);
  };

  const byText: Oracle["byText"] = (query, where) => {
    const { searchText } = component.indexing;
    const documents = new Map(
      [...contexts].map(([id, { content, metadata }]) => [
        id,
        termsOf(content, () => documentTerms(textsOf(searchText, content, metadata))),
      ]),
    );
    const texts = [...documents.values()].filter(({ length }) => length > 0);
    const average = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
    const wanted = [
      ...[...new Set(query.terms)].map((term) => (of: string) => of === term),
      ...query.prefixes.map((prefix) => (of: string) => of.startsWith(prefix)),
    ];
    const frequencies = wanted.map(
      (isWanted) =>
        new Map(
          [...documents].map(([id, { positions }]) => [
            id,
            [...positions].reduce((sum, [term, at]) => (isWanted(term) ? sum + at.length : sum), 0),
          ]),
        ),
    );
    const idf = frequencies.map((of) =>
      inverseDocumentFrequency(texts.length, [...of.values()].filter((count) => count > 0).length),
    );
    return sorted(
      fitting(where).flatMap(({ id, version }) => {
        const document = documents.get(id);
        if (!document || !query.phrases.every((phrase) => hasPhrase(document.positions, phrase))) return [];
        const score = frequencies.reduce((sum, of, index) => {
          const frequency = of.get(id) ?? 0;
          return frequency === 0
            ? sum
            : sum + (idf[index] ?? 0) * termWeight(frequency, document.length, average);
        }, 0);
        return score > 0 ? [{ id, version, score }] : [];
      }),
    );
  };

  return {
    contexts,
    byText,
    byVector: (vector, where) =>
      sorted(
        fitting(where).flatMap(({ id, version, vector: own }) =>
          own ? [{ id, version, score: cosineSimilarity(vector, own) }] : [],
        ),
      ),
  };
};

let writes = 0;

/** Commits writes as one group, and tells the oracle. */
export const commit = async (
  engine: Engine,
  { tenant, component }: Key,
  changes: readonly (Omit<Known, "version" | "createdAt" | "updatedAt"> | { readonly deleted: string })[],
  oracle: Oracle,
  now: number,
): Promise<void> => {
  const group = changes.map((change): Write => {
    if ("deleted" in change)
      return { operation: "delete", component, id: change.deleted, version: undefined };
    return {
      operation: "store",
      component,
      id: change.id,
      made: false,
      version: undefined,
      type: change.type,
      schemaVersion: 1,
      content: JSON.stringify(change.content),
      metadata: JSON.stringify(change.metadata),
      embeddings: change.vector && toEmbeddingBytes(change.vector, ""),
      parent: undefined,
      expiresAt: undefined,
    };
  });
  const write = `write ${++writes} of ${process.pid}`;
  const [outcome] = await engine.commit(
    [{ tenant, actor: "test", write, repeatable: false, writes: group }],
    now,
  );
  if (outcome?.status !== "written") throw new Error(`the write was ${outcome?.status}`);
  for (const [index, change] of changes.entries()) {
    const written = outcome.written[index];
    if ("deleted" in change) oracle.contexts.delete(change.deleted);
    else if (written) oracle.contexts.set(change.id, { ...change, ...written, updatedAt: outcome.at });
  }
};

/** What differs between an answer and the oracle's, in words; none where it is the same. */
export const differences = async (
  engine: Engine,
  key: Key,
  oracle: Oracle,
  asked: Pick<SearchQuery, "text" | "vector" | "where" | "limit">,
): Promise<string[]> => {
  const { text, vector, where, limit } = asked;
  const answer = await engine.search({ ...key, ...asked, signal: undefined });
  const compare = (what: string, found: readonly Found[], all: readonly Found[]): string[] => {
    const scores = new Map(all.map((one) => [one.id, one]));
    const count = Math.min(limit, all.length);
    if (found.length !== count) return [`${what}: ${found.length} of ${count}`];
    const least = all[count - 1]?.score ?? 0;
    return found.flatMap(({ id, version, score }, index) => {
      const own = scores.get(id);
      if (!own) return [`${what}: ${id} does not fit`];
      if (own.version !== version) return [`${what}: ${id} has version ${own.version}, not ${version}`];
      if (Math.abs(own.score - score) > 0.02 * Math.max(1, own.score))
        return [`${what}: ${id} scores ${score}, not ${own.score}`];
      if (own.score < least - 1e-6) return [`${what}: ${id} at ${index} is none of the best`];
      return [];
    });
  };
  return [
    ...compare("text", answer.byText, text ? oracle.byText(text, where) : []),
    ...compare("vector", answer.byVector, vector ? oracle.byVector(vector, where) : []),
  ];
};
