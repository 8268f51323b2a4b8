import type { GptEncoding } from "gpt-tokenizer/GptEncoding";
import { ContextbaseError } from "../base/errors.ts";
import { show } from "../base/show.ts";
import { leavePromise } from "./leave-promise.ts";
import { cutLongRuns } from "./long-runs.ts";

/** The tokenizers that are there by name. */
export const tokenizerNames = ["o200k_base", "cl100k_base"] as const;
export type TokenizerName = (typeof tokenizerNames)[number];

/** Counts the tokens of a text; undefined where there are more than `most`, which may spare counting them all. */
export type TokenCounter = {
  /** What counts, as receipts tell it. */
  readonly name: string;
  readonly count: (text: string, most: number) => number | undefined;
};

/** Both vocabularies have no longer token: 128 spaces. */
const longestTokenCharacters = 128;

/**
 * Merges that are remembered. Each keeps the text in memory that it was first met in, so that the library's own
 * 100,000 could hold gigabytes.
 */
const rememberedMerges = 5_000;

/** Nothing is special in a text that is stored: `<|endoftext|>` are characters like others. */
const plainText = { disallowedSpecial: new Set<string>() };

const loaded = new Map<TokenizerName, Promise<GptEncoding>>();

/** The vocabularies take 0.2 s and 60 MB to load, so that they are loaded once, and only where they are needed. */
const load = (name: TokenizerName): Promise<GptEncoding> => {
  const loading = loaded.get(name) ?? read(name);
  loaded.set(name, loading);
  return loading;
};

const read = async (name: TokenizerName): Promise<GptEncoding> => {
  const [{ GptEncoding }, { default: ranks }] = await Promise.all([
    import("gpt-tokenizer/GptEncoding"),
    name === "o200k_base"
      ? import("gpt-tokenizer/bpeRanks/o200k_base")
      : import("gpt-tokenizer/bpeRanks/cl100k_base"),
  ]);
  const encoding = GptEncoding.getEncodingApi(name, () => ranks);
  encoding.setMergeCacheSize(rememberedMerges);
  return encoding;
};

/** A text that is longer than this for each token that it may have is counted only until it has too many. */
const fewCharacters = 8;

const countPiece = (encoding: GptEncoding, piece: string, most: number): number | undefined => {
  // Counting at once takes half of the time of counting as far as needed.
  if (piece.length <= most * fewCharacters) return encoding.countTokens(piece, plainText);
  const tokens = encoding.isWithinTokenLimit(piece, most, plainText);
  return tokens === false ? undefined : tokens;
};

const countWith = (encoding: GptEncoding, text: string, most: number): number | undefined => {
  const pieces = cutLongRuns(text);
  // A cut may hide a token: one more for each keeps the sum from ever being too low.
  let tokens = pieces.length - 1;
  for (const piece of pieces) {
    tokens += countPiece(encoding, piece, most - tokens) ?? Number.POSITIVE_INFINITY;
    if (tokens > most) return undefined;
  }
  return tokens;
};

/** A tokenizer by its name. */
export const loadTokenizer = async (name: TokenizerName): Promise<TokenCounter> => {
  const encoding = await load(name);
  const count = (text: string, most: number): number | undefined => {
    if (text.length > most * longestTokenCharacters) return undefined;
    // The beginning of a text that is far too long tells as much, in less time.
    const enough = most * fewCharacters;
    if (text.length > enough && countWith(encoding, text.slice(0, enough), most) === undefined)
      return undefined;
    return countWith(encoding, text, most);
  };
  return { name, count };
};

/** A function of the caller's as a counter. */
export const customCounter = (count: (text: string) => unknown): TokenCounter => ({
  name: "custom",
  count: (text, most) => {
    const tokens = count(text);
    if (typeof tokens === "number" && tokens >= 0 && Number.isFinite(tokens))
      return tokens > most ? undefined : tokens;
    leavePromise(tokens);
    const message = `budget.count gave ${show(tokens)} for a text of ${text.length} characters. It must give a number from 0, and at once.`;
    throw new ContextbaseError("invalid_argument", message);
  },
});
