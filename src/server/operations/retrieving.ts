import * as z from "zod";
import { ContextNotFoundError } from "../../base/errors.ts";
import type { Component, ContextOf } from "../../model/component.ts";
import { type EncodedContext, encodeContext } from "../../model/context.ts";
import * as inputs from "../inputs.ts";
import { defineOperation, type Outcome } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { storeOf } from "./store-of.ts";

const { component, id, version, asOf, limit, cursor } = inputs;

const outcomeOf = (context: ContextOf<Component>): Outcome<EncodedContext> => ({
  value: encodeContext(context),
  version: context.version,
});

/** What reads contexts. */
export const retrieving = [
  defineOperation({
    name: "retrieveContext",
    summary: "Reads a context: the current version, another one, or the one of a time.",
    method: "GET",
    path: "/components/{component}/contexts/{id}",
    input: z.strictObject({ component, id, version: version.optional(), asOf: asOf.optional() }),
    output: outputs.context,
    statuses: [200],
    run: async (base, { component, id, ...options }) =>
      outcomeOf(await storeOf(base, component).getContext(id, options)),
  }),

  defineOperation({
    name: "history",
    summary: "Lists the versions of a context, deletions among them, newest first.",
    method: "GET",
    path: "/components/{component}/contexts/{id}/versions",
    input: z.strictObject({
      component,
      id,
      asOf: asOf.optional(),
      limit: limit.optional(),
      cursor: cursor.optional(),
    }),
    output: outputs.historyPage,
    statuses: [200],
    run: async (base, { component, id, ...options }) => {
      const page = await storeOf(base, component).history(id, options);
      if (page.versions.length === 0) throw new ContextNotFoundError(component, id);
      return {
        value: { ...page, versions: page.versions.map((one) => ({ ...one, at: one.at.toISOString() })) },
      };
    },
  }),

  defineOperation({
    name: "retrieveVersion",
    summary: "Reads one version of a context.",
    method: "GET",
    path: "/components/{component}/contexts/{id}/versions/{version}",
    input: z.strictObject({ component, id, version }),
    output: outputs.context,
    statuses: [200],
    run: async (base, { component, id, version }) =>
      outcomeOf(await storeOf(base, component).getContext(id, { version })),
  }),
];
