import type { Json } from "../../base/json.ts";
import type { Indexing } from "../../model/indexing.ts";
import type { Path } from "../../model/path.ts";
import { linkThreads, type ThreadLinks } from "../../search/text/thread-links.ts";
import { compareKeyValues, type KeyValue, keyValue } from "../finding/key-values.ts";

/** Which documents follow each other in their threads. */
export type Threads = {
  readonly links: () => ThreadLinks;
  /**
   * @param values of the document, at each path that the component declares
   * @param place tells which was first written before another
   */
  readonly add: (slot: number, values: readonly (Json | undefined)[], place: number) => void;
  readonly remove: (slot: number) => void;
};

type Order = { readonly value: KeyValue; readonly place: number };

/** The order of lists, so that a thread follows itself as a list of it does. */
const compareOrders = (a: Order, b: Order): number => compareKeyValues(a.value, b.value) || a.place - b.place;

/**
 * The threads of a component; undefined where it declares none. A document stands in one where it has all values that
 * tell of it.
 * @param paths those that the component declares, those of its threads among them
 */
export const createThreads = (
  { thread, order }: Pick<Indexing, "thread" | "order">,
  paths: readonly Path[],
): Threads | undefined => {
  if (thread.length === 0) return undefined;
  const placeOf = (text: string | undefined): number => paths.findIndex((path) => path.text === text);
  const places = thread.map(placeOf);
  const orderPlace = placeOf(order);
  const { links, add, remove } = linkThreads(compareOrders);
  return {
    links,
    remove,
    add: (slot, values, place) => {
      const key = places.map((place) => values[place]);
      if (key.some((value) => value === undefined)) return;
      add(slot, JSON.stringify(key), { value: keyValue(values[orderPlace]), place });
    },
  };
};
