/** Keeps the best of many, in memory for a few. */
export type Best<Item> = {
  readonly add: (item: Item) => void;
  /** The best, best first; where their size is passed, one more. */
  readonly take: () => readonly Item[];
};

type Sizes<Item> = { readonly sizeOf: (item: Item) => number; readonly most: number };

const noSizes = { sizeOf: () => 0, most: Number.POSITIVE_INFINITY };

/**
 * @param compare below 0 where the first is better
 * @param sizes the best end early, once they hold more than `most` together
 */
export const createBest = <Item>(
  limit: number,
  compare: (a: Item, b: Item) => number,
  { sizeOf, most }: Sizes<Item> = noSizes,
): Best<Item> => {
  let items: Item[] = [];
  let size = 0;

  /** What comes behind the end now will not come before it later: only better ones are added in between. */
  const prune = (): void => {
    items.sort(compare);
    let kept = 0;
    size = 0;
    for (const item of items) {
      if (kept === limit || size > most) break;
      size += sizeOf(item);
      kept++;
    }
    items = items.slice(0, size > most ? kept + 1 : kept);
  };

  return {
    add: (item) => {
      size += sizeOf(item);
      items.push(item);
      // Now and then only, so that an item costs as little as in a heap.
      if (items.length >= 2 * limit + 16 || size > 4 * most) prune();
    },
    take: () => {
      prune();
      return items;
    },
  };
};
