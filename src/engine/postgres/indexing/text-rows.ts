import { createHash } from "node:crypto";
import type { Json } from "../../../base/json.ts";
import type { Indexing } from "../../../model/indexing.ts";
import { analysisVersion } from "../../../search/text/analyze.ts";
import { documentTerms } from "../../../search/text/document-terms.ts";
import { textsOf } from "../../../search/text/texts-of.ts";
import type { Key } from "../../port/records.ts";

/** What `texts` keeps of the text of a context. */
export type TextRow = {
  readonly rules: string;
  /** How many words it has. */
  readonly length: number;
  /** As the input of a tsvector. */
  readonly terms: string;
};

const hashOf = (text: string, characters: number): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, characters);

const rulesOfPaths = new WeakMap<Indexing["searchText"], string>();

/** Stands for what is searched, and how it is cut into terms: rows made by other rules are made anew. */
export const rulesOf = ({ searchText }: Indexing): string => {
  const known = rulesOfPaths.get(searchText);
  if (known !== undefined) return known;
  const rules = hashOf(JSON.stringify([analysisVersion, searchText]), 8);
  rulesOfPaths.set(searchText, rules);
  return rules;
};

/** What everything of a component is found by, as the part of a tenant that is filled; no path is called so. */
export const foundPart = (indexing: Indexing, vectors: boolean): string => {
  const { dimensions = 0, tag } = indexing;
  return `found ${rulesOf(indexing)}${vectors ? ` ${dimensions} ${tag}` : ""}`;
};

/**
 * Begins every term in the index, so that the places of a term are those of one tenant, component and set of rules:
 * how long a search takes tells nothing of others. 48 bits.
 */
export const prefixOf = ({ tenant, component }: Key, rules: string): string =>
  hashOf(JSON.stringify([tenant, component, rules]), 8);

/** A term as tsvector and tsquery read it. */
export const quoteTerm = (prefix: string, term: string): string =>
  `'${prefix}${term.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/**
 * PostgreSQL keeps positions up to 16,383. Behind the last one that is told apart words stand in one place, which no
 * phrase reaches.
 */
const lastPosition = 16_380;
const behindPosition = 16_383;
/** And 256 of them for a term. */
const positionsOfTerm = 256;
/** A tsvector holds 1 MB: terms that come later than this, in bytes, are not found. */
const vectorBytes = 1_000_000;
/** A lexeme holds 2 KB. */
const termBytes = 1_000;

const placesOf = (positions: readonly number[]): string =>
  [...new Set(positions.map((at) => (at < lastPosition ? at + 1 : behindPosition)))]
    .slice(0, positionsOfTerm)
    .join(",");

const parse = (text: string): Json => JSON.parse(text);

/** Undefined where there is nothing to be found. @param content, metadata JSON */
export const textRowOf = (
  key: Key,
  indexing: Indexing,
  content: string,
  metadata: string,
): TextRow | undefined => {
  const texts = textsOf(indexing.searchText, parse(content), parse(metadata));
  const { length, positions } = documentTerms(texts);
  if (positions.size === 0) return undefined;
  const rules = rulesOf(indexing);
  const prefix = prefixOf(key, rules);
  const lexemes: string[] = [];
  let bytes = 0;
  for (const [term, at] of positions) {
    const size = Buffer.byteLength(term);
    if (size > termBytes) continue;
    const places = placesOf(at);
    bytes += prefix.length + size + 8 + 2 * Math.min(at.length, positionsOfTerm);
    if (bytes > vectorBytes) break;
    lexemes.push(`${quoteTerm(prefix, term)}:${places}`);
  }
  return { rules, length, terms: lexemes.join(" ") };
};
