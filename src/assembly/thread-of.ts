import { canonicalJson } from "../base/canonical-json.ts";
import { compareText } from "../base/compare-text.ts";
import type { Json } from "../base/json.ts";
import { isBodyPath, parsePath, valueBelow } from "../model/path.ts";
import type { Candidate } from "./gather.ts";

const valueAt = ({ item }: Candidate, text: string): Json | undefined => {
  const path = parsePath(text);
  if (isBodyPath(path)) return valueBelow(item[path.root], path.steps);
  const value = item[path.root];
  return value instanceof Date ? value.getTime() : value;
};

/** What names the thread of a context; undefined where it stands in none. */
export const threadOf = (candidate: Candidate): string | undefined => {
  const { name, indexing } = candidate.of;
  const values = indexing.thread.map((path) => valueAt(candidate, path));
  return values.length === 0 || values.includes(undefined) ? undefined : canonicalJson([name, ...values]);
};

/** How two of one thread follow each other, as they do in lists: what has no place there, numbers, texts. */
export const compareInThread = (a: Candidate, b: Candidate): number => {
  const { order } = a.of.indexing;
  if (order === undefined) return 0;
  const [first, second] = [valueAt(a, order), valueAt(b, order)];
  if (typeof first === "number" && typeof second === "number") return first - second;
  if (typeof first === "string" && typeof second === "string") return compareText(first, second);
  return kindOf(first) - kindOf(second);
};

const kindOf = (value: Json | undefined): number =>
  typeof value === "string" ? 2 : typeof value === "number" ? 1 : 0;
