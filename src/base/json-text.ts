import { limits } from "./limits.ts";

/**
 * `JSON.parse`, right on every engine. V8 (Node 24 and 26, nodejs/node#63785) reads a property name that holds
 * an escape as another name which it met before: `{"\"":1}` after `{"\\":1}`. Names with an escape are
 * therefore parsed under plain aliases and renamed afterwards. Texts without any, nearly all, go straight through.
 * @throws SyntaxError
 */
export const parseJsonText = (text: string): unknown => {
  if (!text.includes("\\") || !escapeInName.test(text)) return JSON.parse(text);
  const { aliased, names } = aliasNames(text);
  return rename(JSON.parse(aliased), names, 0);
};

/** An escape, with nothing but plain characters between it and the end of a property name. */
const escapeInName = /\\[\s\S][^"\\]*"\s*:/;

/** Begins every alias; names that begin with it are given an alias too, so that none is mistaken for one. */
const aliasMark = "\uE000";

type Aliased = { readonly aliased: string; readonly names: readonly string[] };

const aliasNames = (text: string): Aliased => {
  const names: string[] = [];
  let aliased = "";
  let copied = 0;
  let start = text.indexOf('"');
  while (start !== -1) {
    const end = endOfString(text, start);
    const token = text.slice(start, end + 1);
    if (needsAlias(token) && isName(text, end)) {
      aliased += `${text.slice(copied, start)}"${aliasMark}${names.length}"`;
      names.push(JSON.parse(token));
      copied = end + 1;
    }
    start = text.indexOf('"', end + 1);
  }
  return { aliased: aliased + text.slice(copied), names };
};

/** Whether the string that ends here is followed by a colon. */
const isName = (text: string, end: number): boolean => {
  colonNext.lastIndex = end + 1;
  return colonNext.test(text);
};

const colonNext = /\s*:/y;

const needsAlias = (token: string): boolean => token.includes("\\") || token.startsWith(`"${aliasMark}`);

/** The closing quote: the first that no odd run of backslashes stands before. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let before = end;
    while (text[before - 1] === "\\") before--;
    if ((end - before) % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  throw new SyntaxError("Unterminated string in JSON");
};

const rename = (value: unknown, names: readonly string[], depth: number): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (depth > limits.jsonDepth * 2)
    throw new SyntaxError(`JSON nests deeper than ${limits.jsonDepth} levels`);
  if (Array.isArray(value)) return value.map((item) => rename(item, names, depth + 1));
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [
    name.startsWith(aliasMark) ? (names[Number(name.slice(aliasMark.length))] ?? name) : name,
    rename(item, names, depth + 1),
  ]);
  return Object.fromEntries(entries);
};
