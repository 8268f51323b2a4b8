import { isObject, type Json } from "../../base/json.ts";
import { escapeName, isBodyPath, parsePath, valueBelow } from "../../model/path.ts";

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

/** Every string that is searched of a context, each once, in the order of the paths and then of the content. */
export const textsOf = (
  searchText: readonly string[],
  content: Json,
  metadata: Json,
): readonly PathText[] => {
  const texts = new Map<string, readonly string[]>();
  for (const declared of searchText) {
    const path = parsePath(declared);
    if (!isBodyPath(path)) continue;
    const found = new Map<string, string[]>();
    collect(valueBelow(path.root === "content" ? content : metadata, path.steps), path.text, found);
    // Paths may lie one below the other: what the wider one gave is not given again.
    for (const [at, below] of found) if (!texts.has(at)) texts.set(at, below);
  }
  return [...texts].flatMap(([path, below]) => below.map((text) => ({ path, text })));
};
