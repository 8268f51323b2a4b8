import type { Engine, SearchAnswer, SearchQuery } from "../../engine.ts";
import type { Filling } from "../filling.ts";
import type { Run } from "../session.ts";
import type { Fits } from "./fits.ts";
import type { Kept } from "./kept.ts";
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
    return vector ? searchVectors({ ...query, vector }, fits) : { candidates: [], plan: [] };
  };

  return async (query): Promise<SearchAnswer> => {
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
