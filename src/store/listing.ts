import { checkFlag, checkPage } from "../base/arguments.ts";
import type { Clock } from "../base/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { ContextStore } from "../model/context-store.ts";
import { parseFilter } from "../search/filter/parse-filter.ts";
import { parseOrder } from "../search/filter/parse-order.ts";
import { createReadsOf } from "./as-of/as-of.ts";
import { checkAsOf } from "./as-of/as-of-time.ts";
import { checkCall } from "./check-call.ts";
import { checkType } from "./check-type.ts";
import { decodeCursor, digestOf, encodeCursor } from "./cursor.ts";
import { decodeContext } from "./decode.ts";

export type ListingServices = { readonly engine: Engine; readonly clock: Clock; readonly tenant: string };

export type Listing<C extends Component> = Pick<ContextStore<C>, "listContexts" | "countContexts">;

/** Lists and counts of one component. */
export const createListing = <C extends Component>(
  component: C,
  { engine, clock, tenant }: ListingServices,
): Listing<C> => {
  const { name } = component;
  const readsOf = createReadsOf(component, engine, clock);
  const typeOf = (type: string | undefined): string | undefined =>
    type === undefined ? undefined : checkType(component, type);

  const listContexts: Listing<C>["listContexts"] = async (options = {}) => {
    checkCall("listContexts", options, ["type", "where", "orderBy", "limit", "cursor", "explain", "asOf"]);
    const { where: asked, orderBy, cursor } = options;
    const limit = checkPage(options.limit);
    const type = typeOf(options.type);
    const where = asked === undefined ? undefined : parseFilter(asked);
    const order = orderBy === undefined ? undefined : parseOrder(orderBy);
    const explain = checkFlag("explain", options.explain ?? false);
    const at = checkAsOf(options.asOf);
    const digest = where || order ? [digestOf([where, order])] : [];
    // A cursor belongs to the time, too: another one has other pages.
    const list = ["list", name, type ?? null, ...digest, ...(at === undefined ? [] : [at])];
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor);
    const query = { tenant, component: name, type, where, order, limit, after };
    const page = await readsOf(at).list(query);
    return {
      contexts: page.contexts.map((stored) => decodeContext(component, stored)),
      ...(page.next && { nextCursor: encodeCursor(list, page.next) }),
      ...(explain && { plan: page.plan }),
    };
  };

  const countContexts: Listing<C>["countContexts"] = async (options = {}) => {
    checkCall("countContexts", options, ["type", "where", "asOf"]);
    const where = options.where === undefined ? undefined : parseFilter(options.where);
    const reads = readsOf(checkAsOf(options.asOf));
    return reads.count({ tenant, component: name, type: typeOf(options.type), where });
  };

  return { listContexts, countContexts };
};
