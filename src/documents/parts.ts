import { createHash } from "node:crypto";
import { slug } from "github-slugger";
import { limits } from "../base/limits.ts";

/** A part of a text, as `Document` says of a section. */
export type Part = { readonly text: string; readonly heading: readonly string[]; readonly depth: number };

/**
 * A name for each part of a text, unique in it: the slug of its heading, as GitHub makes it for links. Where
 * several parts have the same heading, as in a changelog, the slugs of all headings above stand before it,
 * so that a part that is added somewhere renames no other.
 */
export const nameParts = (parts: readonly Part[]): string[] => {
  const trails = parts.map(({ heading }) =>
    heading.length === 0 ? ["top"] : heading.map((text) => slug(text) || "section"),
  );
  const counts = countEach(trails.map((trail) => trail.at(-1)));
  const used = new Map<string, number>();
  return trails.map((trail) => {
    const own = trail.at(-1) ?? "top";
    return takeName(counts.get(own) === 1 ? own : trail.join("/"), used);
  });
};

/** An id that begins with where the text comes from. One that would be too long ends in a hash of itself. */
export const idOf = (source: string, path: string, name?: string): string => {
  const id = name === undefined ? `${source}/${path}` : `${source}/${path}#${name}`;
  if (Buffer.byteLength(id) <= limits.idBytes) return id;
  const hash = `~${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;
  const kept = new TextDecoder().decode(Buffer.from(id).subarray(0, limits.idBytes - hash.length - 3));
  // A character that was cut in the middle reads as U+FFFD.
  return kept.replace(/\uFFFD$/, "") + hash;
};

const countEach = <Name>(names: readonly Name[]): Map<Name, number> => {
  const counts = new Map<Name, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

/** The name itself, or with the first number behind it that nobody has. `used` holds the last number of each. */
const takeName = (wanted: string, used: Map<string, number>): string => {
  let number = used.get(wanted) ?? 0;
  let name = wanted;
  while (used.has(name)) name = `${wanted}-${++number}`;
  used.set(name, 0);
  used.set(wanted, number);
  return name;
};
