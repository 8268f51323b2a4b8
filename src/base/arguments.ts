import { ContextbaseError } from "./errors.ts";
import { isObject } from "./json.ts";
import { limits } from "./limits.ts";
import { show } from "./show.ts";

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

/** @throws ContextbaseError invalid_argument where `options` holds a name that is not known */
export const checkOptions = (what: string, options: unknown, known: readonly string[]): void => {
  if (!isObject(options)) throw invalid(`${what} takes an object of options, not ${show(options)}.`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw invalid(`${what} has no option ${show(name)}. It takes: ${known.join(", ")}.`);
  }
};

/** @throws ContextbaseError invalid_argument where it is no signal; its reason where it has fired */
export const checkSignal = (signal: unknown): void => {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal))
    throw invalid(`signal is ${show(signal)}. It must be an AbortSignal.`);
  signal.throwIfAborted();
};

/** @throws ContextbaseError invalid_argument where it is neither true nor false */
export const checkFlag = (what: string, value: unknown): boolean => {
  if (typeof value === "boolean") return value;
  throw invalid(`${what} is ${show(value)}. It must be true or false.`);
};

/** @throws ContextbaseError invalid_argument where it is no whole number from `least` to `most` */
export const checkWhole = (what: string, value: unknown, least: number, most: number): number => {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(`${what} is ${show(value)}. It must be a whole number from ${least} to ${most}.`);
};

/** The number of items of a page. */
export const checkPage = (value: number | undefined): number =>
  value === undefined ? limits.pageItemsDefault : checkWhole("limit", value, 1, limits.pageItems);

/** Why a text cannot be an id, actor, tenant, type or write id; undefined where it can. */
export const nameProblem = (value: unknown): string | undefined => {
  if (typeof value !== "string") return `is ${show(value)}; it must be a text`;
  if (value === "") return "is empty";
  if (value.length > limits.idBytes || Buffer.byteLength(value) > limits.idBytes) {
    return `is longer than ${limits.idBytes} bytes`;
  }
  if (value.includes("\0")) return "holds U+0000";
  if (!value.isWellFormed()) return "holds a lone surrogate";
  return undefined;
};

/** @throws ContextbaseError invalid_argument */
export const checkName = (what: string, value: unknown): string => {
  const problem = nameProblem(value);
  if (problem !== undefined || typeof value !== "string") throw invalid(`The ${what} ${problem}.`);
  return value;
};

/** An id; `.` and `..` are none, since a path of a URL swallows them. */
export const idProblem = (value: unknown): string | undefined =>
  value === "." || value === ".." ? `is ${JSON.stringify(value)}, which a URL swallows` : nameProblem(value);

/** @throws ContextbaseError invalid_argument */
export const checkId = (value: unknown): string => {
  const problem = idProblem(value);
  if (problem !== undefined || typeof value !== "string") throw invalid(`The id ${problem}.`);
  return value;
};
