import { ContextbaseError } from "../../base/errors.ts";

type Tag = { readonly weak: boolean; readonly value: string };
type Tags = "*" | readonly Tag[];

/** The preconditions of a request (RFC 9110, section 13.1). */
export type Conditions = { readonly match: Tags | undefined; readonly noneMatch: Tags | undefined };

/** The entity tag of a version. */
export const tagOf = (version: number): string => `"${version}"`;

/**
 * Undefined where there is none.
 * @throws ContextbaseError invalid_argument
 */
export const readConditions = (headers: Headers): Conditions | undefined => {
  const match = readTags(headers, "If-Match");
  const noneMatch = readTags(headers, "If-None-Match");
  return match || noneMatch ? { match, noneMatch } : undefined;
};

/**
 * The condition that does not hold; undefined where all do. If-Match compares strongly, If-None-Match weakly.
 * @param current undefined where there is nothing
 */
export const failing = (
  { match, noneMatch }: Conditions,
  current: number | undefined,
): "If-Match" | "If-None-Match" | undefined => {
  if (match && !matches(match, current, (tag) => !tag.weak)) return "If-Match";
  if (noneMatch && matches(noneMatch, current, () => true)) return "If-None-Match";
  return undefined;
};

const matches = (tags: Tags, current: number | undefined, counts: (tag: Tag) => boolean): boolean => {
  if (current === undefined) return false;
  return tags === "*" || tags.some((tag) => counts(tag) && tag.value === tagOf(current));
};

export const preconditionFailed = (
  header: "If-Match" | "If-None-Match",
  current: number | undefined,
): ContextbaseError => {
  const stands = current === undefined ? "there is none" : `version ${current} is current`;
  return new ContextbaseError("precondition_failed", `${header} does not hold: ${stands}. Read it again.`, {
    details: { header, ...(current !== undefined && { current }) },
  });
};

const readTags = (headers: Headers, name: string): Tags | undefined => {
  const text = headers.get(name)?.trim();
  if (text === undefined) return undefined;
  if (text === "*") return "*";
  if (!list.test(text)) {
    const message = `${name} is ${text.slice(0, 200)} where * or versions in quotes are wanted, such as "3".`;
    throw new ContextbaseError("invalid_argument", message);
  }
  return [...text.matchAll(tags)].map(([, weak, value = ""]) => ({ weak: weak !== undefined, value }));
};

const tag = String.raw`(W\/)?("[\x21\x23-\x7e\x80-\xff]*")`;
const tags = new RegExp(tag, "g");
/** Empty members of a list are to be let pass (RFC 9110, section 5.6.1). */
const list = new RegExp(String.raw`^[\s,]*${tag}(?:\s*,[\s,]*${tag})*[\s,]*$`);
