import type { Engine, Key } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import type { Context } from "../../model/context.ts";
import { isBodyPath, parsePath, valueBelow } from "../../model/path.ts";
import type { Comparison, Filter } from "../../search/filter/filter.ts";
import { decodeContext } from "../decode.ts";

export type Neighbours = { readonly before: Context[]; readonly after: Context[] };

const nobody: Neighbours = { before: [], after: [] };

const compare = (text: string, comparison: Comparison, context: Context): Filter | undefined => {
  const path = parsePath(text);
  const value = isBodyPath(path) ? valueBelow(context[path.root], path.steps) : undefined;
  return value === undefined ? undefined : { kind: "compare", path, comparison, value };
};

/**
 * Reads the neighbours of a context in its thread, in the thread's order: up to `count` on each side. One without a
 * thread or a place in it has none.
 */
export const createNeighbours = (
  component: Component,
  key: Key,
): ((context: Context, count: number, reads: Pick<Engine, "list">) => Promise<Neighbours>) => {
  const { thread, order: orderText } = component.indexing;

  const side = async (
    context: Context,
    count: number,
    comparison: "lt" | "gt",
    reads: Pick<Engine, "list">,
  ): Promise<Context[]> => {
    const filters = [
      ...thread.map((path) => compare(path, "eq", context)),
      orderText === undefined ? undefined : compare(orderText, comparison, context),
    ];
    const known = filters.filter((filter) => filter !== undefined);
    if (orderText === undefined || known.length < filters.length) return [];
    const page = await reads.list({
      ...key,
      type: undefined,
      where: { kind: "and", filters: known },
      order: { path: parsePath(orderText), descending: comparison === "lt" },
      limit: count,
      after: undefined,
    });
    return page.contexts.map((stored) => decodeContext(component, stored));
  };

  return async (context, count, reads) => {
    if (count === 0 || thread.length === 0) return nobody;
    const [before, after] = await Promise.all([
      side(context, count, "lt", reads),
      side(context, count, "gt", reads),
    ]);
    return { before: before.reverse(), after };
  };
};
