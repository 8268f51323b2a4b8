/** How the documents of an index follow each other in their threads. Slots are the index's own numbers of them. */
export type ThreadLinks = {
  /** The slot before it in its thread, by slot; −1 where there is none. */
  readonly previous: Int32Array;
  /** The slot after it. */
  readonly next: Int32Array;
  /** The number of its thread; −1 where it stands in none. */
  readonly thread: Int32Array;
  /** How many threads were numbered. */
  readonly threads: number;
};

/** Links that are kept as documents come and go. */
export type LinkedThreads<Order> = {
  readonly links: () => ThreadLinks;
  /** Puts a slot into the thread of this key, by its order, behind those of the same order. */
  readonly add: (slot: number, key: string, order: Order) => void;
  readonly remove: (slot: number) => void;
};

type Numbers = Int32Array<ArrayBuffer>;

const grow = (array: Numbers, size: number): Numbers => {
  if (size <= array.length) return array;
  const larger = new Int32Array(Math.max(size, array.length * 2)).fill(-1);
  larger.set(array);
  return larger;
};

/** @param compare the order of a thread: below 0 where the first comes first */
export const linkThreads = <Order>(
  compare: (first: Order, second: Order) => number,
): LinkedThreads<Order> => {
  let previous = grow(new Int32Array(0), 1);
  let next = previous.slice();
  let thread = previous.slice();
  const numbers = new Map<string, number>();
  const members: { readonly slot: number; readonly order: Order }[][] = [];

  const link = (before: number | undefined, after: number | undefined): void => {
    if (before !== undefined) next[before] = after ?? -1;
    if (after !== undefined) previous[after] = before ?? -1;
  };

  const numberOf = (key: string): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, members.length);
    return members.push([]) - 1;
  };

  /** Where in a thread an order belongs: most come last. */
  const placeOf = (within: readonly { readonly order: Order }[], order: Order): number => {
    let low = 0;
    let high = within.length;
    const last = within.at(-1);
    if (!last || compare(last.order, order) <= 0) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = within[middle];
      if (other && compare(other.order, order) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    links: () => ({ previous, next, thread, threads: members.length }),
    add: (slot, key, order) => {
      previous = grow(previous, slot + 1);
      next = grow(next, slot + 1);
      thread = grow(thread, slot + 1);
      const number = numberOf(key);
      const within = members[number] ?? [];
      const place = placeOf(within, order);
      link(within[place - 1]?.slot, slot);
      link(slot, within[place]?.slot);
      within.splice(place, 0, { slot, order });
      thread[slot] = number;
    },
    remove: (slot) => {
      const within = members[thread[slot] ?? -1];
      const place = within?.findIndex((member) => member.slot === slot) ?? -1;
      if (!within || place === -1) return;
      const [before, after] = [within[place - 1]?.slot, within[place + 1]?.slot];
      within.splice(place, 1);
      link(before, after);
      [previous[slot], next[slot], thread[slot]] = [-1, -1, -1];
    },
  };
};
