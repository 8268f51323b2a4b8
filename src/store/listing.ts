import { checkPage } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import { show } from "../base/show.ts";
import type { Engine } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { ContextStore } from "../model/context-store.ts";
import { parseFilter } from "../search/filter/parse-filter.ts";
import { parseOrder } from "../search/filter/parse-order.ts";
import { checkCall } from "./check-call.ts";
import { checkType } from "./check-type.ts";
import { decodeCursor, digestOf, encodeCursor } from "./cursor.ts";
import { decodeContext } from "./decode.ts";

export type Listing<C extends Component> = Pick<ContextStore<C>, "listContexts" | "countContexts">;

const checkFlag = (name: string, value: unknown): boolean => {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  throw new ContextbaseError("invalid_argument", `${name} is ${show(value)}. It must be true or false.`);
};

/** Lists and counts of one component. */
export const createListing = <C extends Component>(
  component: C,
  engine: Engine,
  tenant: string,
): Listing<C> => {
  const { name } = component;
  const typeOf = (type: string | undefined): string | undefined =>
    type === undefined ? undefined : checkType(component, type);

  const listContexts: Listing<C>["listContexts"] = async (options = {}) => {
    checkCall("listContexts", options, ["type", "where", "orderBy", "limit", "cursor", "explain"]);
    const { where: asked, orderBy, cursor } = options;
    const limit = checkPage(options.limit);
    const type = typeOf(options.type);
    const where = asked === undefined ? undefined : parseFilter(asked);
    const order = orderBy === undefined ? undefined : parseOrder(orderBy);
    const explain = checkFlag("explain", options.explain);
    const list = ["list", name, type ?? null, ...(where || order ? [digestOf([where, order])] : [])];
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor);
    const page = await engine.list({ tenant, component: name, type, where, order, limit, after });
    return {
      contexts: page.contexts.map((stored) => decodeContext(component, stored)),
      ...(page.next && { nextCursor: encodeCursor(list, page.next) }),
      ...(explain && { plan: page.plan }),
    };
  };

  const countContexts: Listing<C>["countContexts"] = async (options = {}) => {
    checkCall("countContexts", options, ["type", "where"]);
    const where = options.where === undefined ? undefined : parseFilter(options.where);
    return engine.count({ tenant, component: name, type: typeOf(options.type), where });
  };

  return { listContexts, countContexts };
};
