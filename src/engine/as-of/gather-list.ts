import { limits } from "../../base/limits.ts";
import type { PlanStep } from "../../model/searching.ts";
import type { FilterSubject, Order } from "../../search/filter/filter.ts";
import { pathsOf } from "../../search/filter/paths-of.ts";
import { fromListPlace, type PlaceAfter, toListPlace } from "../finding/list-place.ts";
import type { Standing } from "../port/as-of.ts";
import type { StoredContext } from "../port/records.ts";
import type { ListPage, ListQuery } from "../port/searching.ts";
import { createBest } from "./best.ts";
import { fitsOf } from "./fits.ts";
import { type Gathering, looksAtLifted } from "./gathering.ts";
import { comparePlaces, orderValuesOf } from "./list-order.ts";
import type { ReadSubject } from "./read-subject.ts";

const sizeOf = ({ content, metadata, embeddings }: StoredContext): number =>
  content.length + metadata.length + (embeddings?.length ?? 0);

const toStored = ({ place, ...stored }: Standing): StoredContext => stored;

const planOf = ({ where, order }: ListQuery): PlanStep[] => [
  ...(where ? pathsOf(where) : []).map(
    ({ text }): PlanStep => ({ part: "filter", path: text, way: "every context is read as it stood" }),
  ),
  ...(order ? [{ part: "order", path: order.path.text, way: "sorted" } as const] : []),
];

/** Newest first: the walk's own order, so that it ends with the page. */
const gatherInTurn = (query: ListQuery, read: ReadSubject): Gathering<ListPage> => {
  const { type, where, limit, after } = query;
  const fits = fitsOf(query);
  // With one beyond the page, which tells that there are more.
  const most = where || type !== undefined ? undefined : limit + 1;
  const contexts: Standing[] = [];
  let size = 0;
  let goesOn = false;
  return {
    walk: { type, after: after?.place, direction: "newest first", most, bodies: true },
    lifted: looksAtLifted(query),
    take: (standing) => {
      if (!fits(read(standing))) return true;
      goesOn = contexts.length === limit || size > limits.pageBytes;
      if (goesOn) return false;
      contexts.push(standing);
      size += sizeOf(standing);
      return true;
    },
    answer: () => {
      const last = contexts.at(-1);
      const next = goesOn && last ? { place: last.place } : undefined;
      return { contexts: contexts.map(toStored), next, plan: planOf(query) };
    },
  };
};

type Ordered = PlaceAfter & { readonly standing: Standing };

/** The first of what was found that make a page. */
const takePage = (found: readonly Ordered[], limit: number): readonly Ordered[] => {
  let size = 0;
  const end = found.findIndex(({ standing }, at) => {
    if (at === limit || size > limits.pageBytes) return true;
    size += sizeOf(standing);
    return false;
  });
  return end === -1 ? found : found.slice(0, end);
};

/** In an order: all are walked over, and of those that fit the first behind the last page are kept. */
const gatherInOrder = (query: ListQuery, order: Order, read: ReadSubject): Gathering<ListPage> => {
  const { type, limit } = query;
  const fits = fitsOf(query);
  const after = fromListPlace(query.after, order);
  const compare = comparePlaces(order);
  const best = createBest<Ordered>(limit + 1, compare, {
    sizeOf: ({ standing }) => sizeOf(standing),
    most: limits.pageBytes,
  });
  const add = (standing: Standing, subject: FilterSubject): void => {
    const one = { place: standing.place, values: orderValuesOf(order, subject), standing };
    if (!after || compare(after, one) < 0) best.add(one);
  };
  return {
    walk: { type, after: undefined, direction: "newest first", most: undefined, bodies: true },
    lifted: looksAtLifted(query),
    take: (standing) => {
      const subject = read(standing);
      if (fits(subject)) add(standing, subject);
      return true;
    },
    answer: () => {
      const found = best.take();
      const page = takePage(found, limit);
      const last = found.length > page.length ? page.at(-1) : undefined;
      return {
        contexts: page.map(({ standing }) => toStored(standing)),
        next: last && toListPlace(last.place, last.values),
        plan: planOf(query),
      };
    },
  };
};

/** A page of a list. */
export const gatherList = (query: ListQuery, read: ReadSubject): Gathering<ListPage> =>
  query.order ? gatherInOrder(query, query.order, read) : gatherInTurn(query, read);
