import { limits } from "../../base/limits.ts";
import { comparePlaces, orderValuesOf } from "../../engine/as-of/list-order.ts";
import type { Engine, Key, ListPage, StoredContext } from "../../engine/engine.ts";
import { type PlaceAfter, toListPlace } from "../../engine/finding/list-place.ts";
import type { Component } from "../../model/component.ts";
import type { Context } from "../../model/context.ts";
import { parsePath } from "../../model/path.ts";
import type { Filter, Order } from "../../search/filter/filter.ts";
import { valueAt } from "../../search/filter/predicate.ts";
import { decodeContext } from "../decode.ts";
import { subjectOf } from "../subject.ts";

export type Neighbours = { readonly before: Context[]; readonly after: Context[] };

const nobody: Neighbours = { before: [], after: [] };

/** In an order, before and behind all that share their values with another. */
const firstPlace = 0;
const lastPlace = Number.MAX_SAFE_INTEGER;

/**
 * Reads the neighbours of a context in its thread, as a list of the thread in its order has them: up to `count` on each
 * side. One that stands in no thread has none.
 */
export const createNeighbours = (
  component: Component,
  key: Key,
): ((context: Context, count: number, reads: Pick<Engine, "list">) => Promise<Neighbours>) => {
  const { thread, order: orderText } = component.indexing;
  const threadPaths = thread.map(parsePath);
  const orderPath = orderText === undefined ? undefined : parsePath(orderText);

  const threadOf = (context: Context): Filter | undefined => {
    const subject = subjectOf(context);
    const filters = threadPaths.map((path): Filter | undefined => {
      const value = valueAt(subject, path);
      return value === undefined ? undefined : { kind: "compare", path, comparison: "eq", value };
    });
    const known = filters.filter((filter) => filter !== undefined);
    return known.length < filters.length ? undefined : { kind: "and", filters: known };
  };

  /** The list begins before what shares the context's value, and the context among it, which is passed by. */
  const side = async (
    context: Context,
    where: Filter,
    order: Order,
    count: number,
    reads: Pick<Engine, "list">,
  ): Promise<Context[]> => {
    const placeOf = (one: Context): PlaceAfter => ({
      place: firstPlace,
      values: orderValuesOf(order, subjectOf(one)),
    });
    const own = placeOf(context);
    const compare = comparePlaces(order);
    const found: Context[] = [];
    let passed = false;
    const take = (stored: StoredContext): void => {
      const isOwn = stored.id === context.id;
      const other = decodeContext(component, stored);
      // It may have another place by now, or none.
      passed ||= !isOwn && compare(placeOf(other), own) !== 0;
      if (passed && !isOwn && found.length < count) found.push(other);
      passed ||= isOwn;
    };
    let after: ReturnType<typeof toListPlace> | undefined = toListPlace(
      order.descending ? lastPlace : firstPlace,
      own.values,
    );
    // Pages grow, since any number may share the context's value.
    for (
      let limit = count + 1;
      after && found.length < count;
      limit = Math.min(limit * 4, limits.pageItems)
    ) {
      const page: ListPage = await reads.list({ ...key, type: undefined, where, order, limit, after });
      page.contexts.forEach(take);
      after = page.next;
    }
    return found;
  };

  return async (context, count, reads) => {
    const where = count === 0 || thread.length === 0 ? undefined : threadOf(context);
    if (!where || !orderPath) return nobody;
    const [before, after] = await Promise.all(
      [true, false].map((descending) => side(context, where, { path: orderPath, descending }, count, reads)),
    );
    return { before: (before ?? []).reverse(), after: after ?? [] };
  };
};
