import * as z from "zod";
import { isObject } from "../../base/json.ts";
import { encodeContext } from "../../model/context.ts";
import type { CountOptions, ListOptions } from "../../model/store-options.ts";
import type { ContextbaseView } from "../../store/contextbase.ts";
import * as inputs from "../inputs.ts";
import { defineOperation } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { storeOf } from "./store-of.ts";

const { component, type, where, orderBy, explain, limit, cursor, asOf, filter } = inputs;

const direction = z.enum(["asc", "desc"]);

const countShape = z.strictObject({
  type: type.optional(),
  where: filter.optional(),
  asOf: asOf.optional(),
});

const listShape = countShape.extend({
  orderBy: z
    .union([z.string(), z.record(z.string(), direction)])
    .optional()
    .meta({ description: 'A path to order by, or one with its direction: { "metadata.due": "desc" }.' }),
  explain: z.boolean().optional().meta({ description: "Whether to tell how the page was found." }),
  limit: limit.optional(),
  cursor: cursor.optional(),
});

const listPage = async (base: ContextbaseView, component: string, options: ListOptions) => {
  const { contexts, nextCursor, plan } = await storeOf(base, component).listContexts(options);
  return {
    value: {
      contexts: contexts.map(encodeContext),
      ...(nextCursor !== undefined && { nextCursor }),
      ...(plan && { plan: [...plan] }),
    },
  };
};

const countAll = async (base: ContextbaseView, component: string, options: CountOptions) => ({
  value: { count: await storeOf(base, component).countContexts(options) },
});

/** What lists and counts contexts: by a url, and by a body where a filter is too long for one. */
export const listing = [
  defineOperation({
    name: "listContexts",
    summary: "Lists contexts that fit a filter, newest first or in another order.",
    method: "GET",
    path: "/components/{component}/contexts",
    input: z.strictObject({
      component,
      type: type.optional(),
      where: where.optional(),
      orderBy: orderBy.optional(),
      explain: explain.optional(),
      asOf: asOf.optional(),
      limit: limit.optional(),
      cursor: cursor.optional(),
    }),
    output: outputs.contextPage,
    statuses: [200],
    run: async (base, { component, where, orderBy, explain, ...options }) =>
      listPage(base, component, {
        ...options,
        ...inputs.findingOptions({ where, orderBy }),
        explain: explain === "true",
      }),
  }),

  defineOperation({
    name: "listContextsByBody",
    summary: "The same, with a filter of any length.",
    method: "POST",
    path: "/components/{component}/list",
    input: z.strictObject({
      component,
      list: inputs.bodyOf<ListOptions>(listShape, isObject, "must be an object: what is listed"),
    }),
    body: "list",
    output: outputs.contextPage,
    statuses: [200],
    run: async (base, { component, list }) => listPage(base, component, list),
  }),

  defineOperation({
    name: "countContexts",
    summary: "Counts contexts, or those that fit a filter.",
    method: "GET",
    path: "/components/{component}/count",
    input: z.strictObject({
      component,
      type: type.optional(),
      where: where.optional(),
      asOf: asOf.optional(),
    }),
    output: outputs.count,
    statuses: [200],
    run: async (base, { component, where, ...options }) =>
      countAll(base, component, { ...options, ...inputs.findingOptions({ where }) }),
  }),

  defineOperation({
    name: "countContextsByBody",
    summary: "The same, with a filter of any length.",
    method: "POST",
    path: "/components/{component}/count",
    input: z.strictObject({
      component,
      count: inputs.bodyOf<CountOptions>(countShape, isObject, "must be an object: what is counted"),
    }),
    body: "count",
    output: outputs.count,
    statuses: [200],
    run: async (base, { component, count }) => countAll(base, component, count),
  }),
];
