import type { Clock } from "../../base/clock.ts";
import { limits } from "../../base/limits.ts";
import type { Engine, SearchAnswer } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import type { ContextStore } from "../../model/context-store.ts";
import type { Hit, Hits, SearchOptions } from "../../model/searching.ts";
import { createSnippets, type Snippets } from "../../search/text/snippet.ts";
import { textsOf } from "../../search/text/texts-of.ts";
import { createReadsOf, type Reads } from "../as-of/as-of.ts";
import { decodeGiven } from "../decode.ts";
import type { EmbedQuery } from "../embedding/embed-query.ts";
import { type FusedCandidate, fuseCandidates } from "./candidates.ts";
import { createNeighbours } from "./neighbours.ts";
import { type FoundContext, type RankedContext, rankHits } from "./rank-hits.ts";
import { type CheckedSearch, checkSearch } from "./search-options.ts";

export type SearchingServices = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly tenant: string;
  readonly embedQuery: EmbedQuery;
};

type Found = { readonly answer: SearchAnswer; readonly found: readonly FoundContext[] };

/** The searching part of a context store. */
export const createSearching = <C extends Component>(
  component: C,
  { engine, clock, tenant, embedQuery }: SearchingServices,
): Pick<ContextStore<C>, "searchContexts"> => {
  const key = { tenant, component: component.name };
  const readsOf = createReadsOf(component, engine, clock);
  const neighboursOf = createNeighbours(component, key);

  /** Those candidates that are current still, in their order, until there are as many as `most`. */
  const read = async (
    reads: Reads,
    candidates: readonly FusedCandidate[],
    most: number,
  ): Promise<FoundContext[]> => {
    const found: FoundContext[] = [];
    for (let at = 0; at < candidates.length && found.length < most; ) {
      const some = candidates.slice(at, at + most - found.length);
      at += some.length;
      const brought = some.map(({ context }) => context);
      const stored = brought.includes(undefined)
        ? await reads.read(
            key,
            some.map(({ id }) => id),
          )
        : brought;
      some.forEach((candidate, index) => {
        const current = stored[index];
        if (current?.version === candidate.version)
          found.push({ candidate, context: decodeGiven<Component>(component, current) });
      });
    }
    return found;
  };

  /** Searches anew where a candidate was changed before it was read, since others may be better by now. */
  const find = async (
    reads: Reads,
    search: CheckedSearch,
    vector: Float32Array | undefined,
  ): Promise<Found> => {
    const weighs = search.halfLife !== undefined || search.boosts.length > 0;
    const fuses = weighs || (search.query !== undefined && vector !== undefined);
    const limit = fuses ? Math.max(search.limit, limits.searchCandidates) : search.limit;
    for (let attempt = 1; ; attempt++) {
      const { query: text, where, signal } = search;
      // The last time there are some to spare for those that are changed.
      const last = attempt === limits.searchAttempts;
      const answer = await reads.search({
        ...key,
        text,
        vector,
        where,
        limit: last ? limit * 2 : limit,
        fused: weighs || last ? undefined : search.limit,
        brings: !fuses,
        signal,
      });
      signal?.throwIfAborted();
      const candidates = fuseCandidates(answer);
      const most = Math.min(weighs ? candidates.length : search.limit, candidates.length);
      const found = await read(reads, candidates, most);
      const changed = found.some(({ candidate }, index) => candidate !== candidates[index]);
      if (last || (found.length === most && !changed)) return { answer, found };
    }
  };

  const { searchText } = component.indexing;

  const toHit = (ranked: RankedContext, snippets: Snippets | undefined): Hit<Component> => {
    const { content, metadata } = ranked.context;
    const snippet = snippets?.of(textsOf(searchText, content, metadata));
    return snippet ? { ...ranked, snippet } : ranked;
  };

  const withNeighbours = async (
    hit: Hit<Component>,
    widen: number,
    reads: Reads,
  ): Promise<Hit<Component>> => ({
    ...hit,
    ...(await neighboursOf(hit.context, widen, reads)),
  });

  const vectorOf = async ({ vector, text, signal }: CheckedSearch): Promise<Float32Array | undefined> => {
    if (vector !== undefined) return vector.length === 0 ? undefined : vector;
    return text === undefined ? undefined : embedQuery(component, text, signal);
  };

  return {
    searchContexts: async (options: SearchOptions) => {
      const search = checkSearch(component, options);
      const vector = await vectorOf(search);
      const reads = readsOf(search.at);
      const { answer, found } = await find(reads, search, vector);
      // Age counts up to the time that is asked for.
      const ranked = rankHits(found, search, vector, Math.min(clock(), search.at ?? clock()));
      const snippets = search.query && createSnippets(search.query);
      const hits = ranked.map((one) => toHit(one, snippets));
      const { widen } = search;
      const widened =
        widen > 0 ? await Promise.all(hits.map((hit) => withNeighbours(hit, widen, reads))) : hits;
      const told = search.explain ? Object.assign(widened, { plan: answer.plan }) : widened;
      // Decoded by this component, as `decodeGiven` says.
      return told as unknown as Hits<C>;
    },
  };
};
