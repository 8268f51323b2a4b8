import { limits } from "../../base/limits.ts";
import { createBest } from "../../engine/as-of/best.ts";
import { fitsOf } from "../../engine/as-of/fits.ts";
import { comparePlaces, orderValuesOf } from "../../engine/as-of/list-order.ts";
import type { Engine, ListPage, ListQuery, StoredContext } from "../../engine/engine.ts";
import { fromListPlace, type PlaceAfter } from "../../engine/finding/list-place.ts";
import type { Component } from "../../model/component.ts";
import type { Order } from "../../search/filter/filter.ts";
import { mergePages, type Placed, type Source } from "./merge-pages.ts";
import { isPresent, outdatedPages, upgradedSubject, walkAll } from "./outdated-contexts.ts";

const newestFirst = comparePlaces({ path: { root: "createdAt", text: "createdAt" }, descending: true });

const compareBy = (order: Order | undefined): ((a: PlaceAfter, b: PlaceAfter) => number) =>
  order ? comparePlaces(order) : newestFirst;

const sizeOf = ({ stored }: Placed): number => stored.content.length + stored.metadata.length;

/**
 * Lists of what is upgraded when it is read. Contexts of older schema versions, into which an engine cannot look, are
 * upgraded here and merged with those of the present one. They are read first, so that none is missed that is rewritten
 * in between.
 */
export const upgradedLists = (
  component: Component,
  engine: Pick<Engine, "list" | "outdated">,
): Engine["list"] => {
  const toPlaced = (order: Order | undefined, stored: StoredContext, place: number): Placed => {
    const values = order ? orderValuesOf(order, upgradedSubject(component, stored)) : [];
    return { place, values, stored };
  };

  /** The first of the older ones that fit. */
  const findOlder = async (query: ListQuery): Promise<Source> => {
    const { tenant, order, limit } = query;
    const fits = fitsOf(query);
    const compare = compareBy(order);
    const after = fromListPlace(query.after, order);
    const best = createBest(limit + 1, compare, { sizeOf, most: limits.pageBytes });
    let count = 0;
    for await (const page of outdatedPages(engine, component, tenant)) {
      for (const stored of page) {
        if (!fits(upgradedSubject(component, stored))) continue;
        const one = toPlaced(order, stored, stored.place);
        if (after && compare(after, one) >= 0) continue;
        best.add(one);
        count++;
      }
    }
    const items = best.take();
    return { items, more: count > items.length };
  };

  const mergeOlder = async (query: ListQuery): Promise<ListPage> => {
    const { order, limit, where } = query;
    const older = await findOlder(query);
    const page = await engine.list({ ...query, where: isPresent(component, where) });
    const items = page.contexts.map((stored, at) => toPlaced(order, stored, page.places?.[at] ?? 0));
    const present = { items, more: page.next !== undefined };
    return { ...mergePages([present, older], compareBy(order), limit), plan: page.plan };
  };

  /** Newest first all are gone through until a page is full, where there are many of the older ones. */
  const lookThrough = async (query: ListQuery): Promise<ListPage> => {
    const fits = fitsOf(query);
    const items: Placed[] = [];
    for await (const { stored, place } of walkAll(component, engine, query, query.after)) {
      if (!fits(upgradedSubject(component, stored))) continue;
      items.push({ place, values: [], stored });
      if (items.length > query.limit) break;
    }
    return { ...mergePages([{ items, more: false }], newestFirst, query.limit), plan: [] };
  };

  return async (query) => {
    const [some = []] = await firstOf(outdatedPages(engine, component, query.tenant));
    if (some.length === 0) return engine.list(query);
    const few = some.length < limits.upgradedContexts;
    return query.order || few ? mergeOlder(query) : lookThrough(query);
  };
};

const firstOf = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  for await (const item of items) return [item];
  return [];
};
