import { checkOptions, checkSignal, checkWhole } from "../../base/arguments.ts";
import { ContextbaseError, InvalidContextError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { show } from "../../base/show.ts";
import type { Component } from "../../model/component.ts";
import type { SearchOptions } from "../../model/searching.ts";
import type { Filter, FilterSubject } from "../../search/filter/filter.ts";
import { parseFilter } from "../../search/filter/parse-filter.ts";
import { createPredicate } from "../../search/filter/predicate.ts";
import { parseTextQuery } from "../../search/text/parse-text-query.ts";
import type { TextQuery } from "../../search/text/text-query.ts";
import { checkAsOf } from "../as-of/as-of-time.ts";
import { checkType } from "../check-type.ts";
import { toEmbeddings } from "../embedding/encode-embeddings.ts";

export type CheckedBoost = {
  readonly fits: (subject: FilterSubject) => boolean;
  readonly factor: number;
};

/** What a search was asked for, checked. */
export type CheckedSearch = {
  /** What was given as text; it is embedded where `vector` is undefined and the component embeds. */
  readonly text: string | undefined;
  readonly query: TextQuery | undefined;
  /** Empty: no search by vector. Undefined: none was given. */
  readonly vector: Float32Array | undefined;
  readonly where: Filter | undefined;
  readonly limit: number;
  readonly widen: number;
  readonly halfLife: number | undefined;
  readonly boosts: readonly CheckedBoost[];
  /** The time as of which is searched, in milliseconds; undefined: none was given. */
  readonly at: number | undefined;
  readonly explain: boolean;
  readonly signal: AbortSignal | undefined;
};

const known: readonly (keyof SearchOptions)[] = [
  "text",
  "embeddings",
  "type",
  "where",
  "limit",
  "widen",
  "halfLife",
  "boost",
  "asOf",
  "explain",
  "signal",
];

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const checkVector = (component: Component, value: unknown): Float32Array | undefined => {
  if (value === undefined) return undefined;
  try {
    return toEmbeddings(component, value);
  } catch (cause) {
    throw cause instanceof InvalidContextError ? invalid(cause.message) : cause;
  }
};

const checkText = (component: Component, text: unknown): string | undefined => {
  if (text === undefined) return undefined;
  if (typeof text !== "string") throw invalid(`text is ${show(text)}. It must be a text.`);
  const { searchText } = component.indexing;
  if (searchText.length > 0 || component.definition.embeddings?.embed) return text;
  throw invalid(`${component.name} is not searched by text: its searchText is empty. Search by embeddings.`);
};

/** A filter of the type beside the one that was given. */
const checkWhere = (component: Component, { type, where }: SearchOptions): Filter | undefined => {
  const given = where === undefined ? undefined : parseFilter(where);
  if (type === undefined) return given;
  const ofType = parseFilter({ type: checkType(component, type) });
  return given === undefined ? ofType : { kind: "and", filters: [ofType, given] };
};

const checkBetween = (what: string, value: unknown, least: number, most: number): number => {
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw invalid(`${what} is ${show(value)}. It must be a number from ${least} to ${most}.`);
};

const checkBoosts = (boost: unknown): readonly CheckedBoost[] => {
  if (boost === undefined) return [];
  if (!Array.isArray(boost) || boost.length > limits.searchBoosts)
    throw invalid(`boost must be an array of up to ${limits.searchBoosts} of { where, factor }.`);
  return boost.map((one: unknown) => {
    if (!isObject(one)) throw invalid(`A boost is ${show(one)}. It must be { where, factor }.`);
    checkOptions("boost", one, ["where", "factor"]);
    const { where, factor } = one;
    return {
      fits: createPredicate(parseFilter(where)),
      factor: checkBetween(
        "The factor of a boost",
        factor,
        limits.searchBoostFactorLeast,
        limits.searchBoostFactor,
      ),
    };
  });
};

const checkHalfLife = (halfLife: unknown): number | undefined => {
  if (halfLife === undefined) return undefined;
  const { searchHalfLifeMillisecondsLeast: least, searchHalfLifeMilliseconds: most } = limits;
  return checkBetween("halfLife, in milliseconds,", halfLife, least, most);
};

const checkWiden = ({ name, indexing }: Component, widen: number | undefined): number => {
  if (widen === undefined) return 0;
  checkWhole("widen", widen, 0, limits.searchNeighbours);
  if (widen === 0 || indexing.thread.length > 0) return widen;
  throw invalid(`${name} declares no thread and order, so that a hit has no neighbours. Leave widen out.`);
};

/** @throws ContextbaseError invalid_argument, too_large; the signal's reason where it has fired */
export const checkSearch = (component: Component, options: SearchOptions): CheckedSearch => {
  checkOptions("searchContexts", options, known);
  checkSignal(options.signal);
  const { explain = false, limit = limits.searchHitsDefault } = options;
  if (typeof explain !== "boolean") throw invalid(`explain is ${show(explain)}. It must be true or false.`);
  const text = checkText(component, options.text);
  const vector = checkVector(component, options.embeddings);
  if (text === undefined && (vector === undefined || vector.length === 0))
    throw invalid(
      "searchContexts needs text or embeddings to search for. listContexts takes a filter alone.",
    );
  const searched = text !== undefined && component.indexing.searchText.length > 0;
  return {
    text,
    query: searched ? parseTextQuery(text) : undefined,
    vector,
    where: checkWhere(component, options),
    limit: checkWhole("limit", limit, 1, limits.searchHits),
    widen: checkWiden(component, options.widen),
    halfLife: checkHalfLife(options.halfLife),
    boosts: checkBoosts(options.boost),
    at: checkAsOf(options.asOf),
    explain,
    signal: options.signal,
  };
};
