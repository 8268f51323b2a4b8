import type { Engine, SearchAnswer, SearchQuery } from "../../engine.ts";
import type { Run } from "../connection/run.ts";
import type { Fits } from "../finding/fits.ts";
import type { Filling } from "../indexing/filling.ts";
import type { Kept } from "../indexing/kept.ts";
import type { Mirrors } from "../mirror/mirrors.ts";
import { createTextSearch } from "./text-search.ts";
import { createThreadSearch } from "./thread-search.ts";
import { createVectorSearch } from "./vector-search.ts";

export type FitsOf = (query: SearchQuery) => Promise<Fits | undefined>;

/** The search of the engine. @param schema quoted */
export const createSearch = (
  schema: string,
  run: Run,
  kept: Kept,
  filling: Filling,
  fitsOf: FitsOf,
  mirrors: Mirrors,
): Engine["search"] => {
  const searchText = createTextSearch(schema, run, kept);
  const searchThreads = createThreadSearch(schema, run, searchText);
  const searchVectors = createVectorSearch(schema, run, kept);

  const byText = async (query: SearchQuery, fits: Fits | undefined) => {
    const { text } = query;
    if (!text) return { candidates: [], plan: [] };
    const indexing = kept.of(query.component);
    const search = (): ReturnType<typeof searchText> =>
      indexing && indexing.thread.length > 0
        ? searchThreads({ ...query, text }, indexing, fits)
        : searchText({ ...query, text }, fits);
    const answer = await search();
    if (!answer.others) return answer;
    await filling.foundAnew(query);
    return search();
  };

  const byVector = async (query: SearchQuery, fits: Fits | undefined) => {
    const { vector } = query;
    if (!vector) return { candidates: [], plan: [] };
    const known = query.text ? await mirrors.search(query) : undefined;
    return known ?? searchVectors({ ...query, vector }, fits);
  };

  return async (query): Promise<SearchAnswer> => {
    // By vector alone nothing else is to be prepared.
    const known = query.text ? undefined : await mirrors.search(query);
    if (known) return { byText: [], byVector: known.candidates, plan: known.plan };
    await filling.found(query);
    const fits = await fitsOf(query);
    const [texts, vectors] = await Promise.all([byText(query, fits), byVector(query, fits)]);
    return {
      byText: texts.candidates,
      byVector: vectors.candidates,
      plan: [...(fits?.plan ?? []), ...texts.plan, ...vectors.plan],
    };
  };
};
