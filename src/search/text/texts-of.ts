import { isObject, type Json } from "../../base/json.ts";
import { type BodyPath, bodyPathsOf, escapeName, valueBelow } from "../../model/path.ts";

/** A string of a context, and the path below which it stands; those of an array share the array's. */
export type PathText = { readonly path: string; readonly text: string };

const collect = (value: Json | undefined, path: string, found: Map<string, string[]>): void => {
  if (typeof value === "string") {
    const texts = found.get(path);
    if (texts) texts.push(value);
    else found.set(path, [value]);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) collect(item, path, found);
  } else if (isObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      collect(item as Json, `${path}.${escapeName(name)}`, found);
    }
  }
};

/** What the paths of a component come to, which are the same for all of its contexts. */
const parsed = new WeakMap<readonly string[], readonly BodyPath[]>();

const pathsOf = (searchText: readonly string[]): readonly BodyPath[] => {
  const known = parsed.get(searchText);
  if (known) return known;
  const paths = bodyPathsOf(searchText);
  parsed.set(searchText, paths);
  return paths;
};

/** Every string that is searched of a context, each once, in the order of the paths and then of the content. */
export const textsOf = (
  searchText: readonly string[],
  content: Json,
  metadata: Json,
): readonly PathText[] => {
  const texts: PathText[] = [];
  const paths = pathsOf(searchText);
  // Paths may lie one below the other: what the wider one gave is not given again.
  const given = paths.length > 1 ? new Set<string>() : undefined;
  const give = (path: string, text: string): number => texts.push({ path, text });
  for (const { root, steps, text: path } of paths) {
    const value = valueBelow(root === "content" ? content : metadata, steps);
    if (typeof value === "string") {
      if (!given?.has(path)) give(path, value);
      given?.add(path);
      continue;
    }
    const found = new Map<string, string[]>();
    collect(value, path, found);
    for (const [at, below] of found) {
      if (given?.has(at)) continue;
      given?.add(at);
      for (const text of below) give(at, text);
    }
  }
  return texts;
};
