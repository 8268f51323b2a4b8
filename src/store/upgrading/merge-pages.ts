import { limits } from "../../base/limits.ts";
import type { ListPage, StoredContext } from "../../engine/engine.ts";
import { type PlaceAfter, toListPlace } from "../../engine/finding/list-place.ts";

/** A context with its place in the order of a list. */
export type Placed = PlaceAfter & { readonly stored: StoredContext };

/** Some contexts, in order, and whether there are others behind the last of them. */
export type Source = { readonly items: readonly Placed[]; readonly more: boolean };

const sizeOf = ({ stored }: Placed): number =>
  stored.content.length + stored.metadata.length + (stored.embeddings?.length ?? 0);

/** How many of them make a page. */
const pageLength = (items: readonly Placed[], limit: number): number => {
  let bytes = 0;
  for (const [at, item] of items.entries()) {
    if (at === limit || bytes > limits.pageBytes) return at;
    bytes += sizeOf(item);
  }
  return items.length;
};

/** A page of what several sources have in one order. Of an id that stands in two of them the first is taken. */
export const mergePages = (
  sources: readonly Source[],
  compare: (a: PlaceAfter, b: PlaceAfter) => number,
  limit: number,
): Pick<ListPage, "contexts" | "places" | "next"> => {
  const ends = sources.flatMap(({ items, more }) => (more ? items.slice(-1) : []));
  const known = new Map<string, Placed>();
  for (const item of sources.flatMap(({ items }) => items))
    if (!known.has(item.stored.id)) known.set(item.stored.id, item);
  // Behind the end of a source that goes on there may be others of it.
  const items = [...known.values()]
    .filter((one) => ends.every((end) => compare(one, end) <= 0))
    .sort(compare);
  const taken = items.slice(0, pageLength(items, limit));
  const last = taken.at(-1);
  const goesOn = taken.length < known.size || sources.some(({ more }) => more);
  return {
    contexts: taken.map(({ stored }) => stored),
    places: taken.map(({ place }) => place),
    next: goesOn && last ? toListPlace(last.place, last.values) : undefined,
  };
};
