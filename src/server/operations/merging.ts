import * as z from "zod";
import { isObject } from "../../base/json.ts";
import type { Component } from "../../model/component.ts";
import { encodeContext } from "../../model/context.ts";
import type { MergeInput } from "../../model/context-store.ts";
import * as inputs from "../inputs.ts";
import { defineOperation } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { storeOf } from "./store-of.ts";

/** What the body may hold, for those who read the API. */
const sidesShape = z.strictObject({
  base: z.int().min(0).meta({ description: "The version that yours was made of; 0: none." }),
  yours: inputs.context,
});

const { $schema: _, ...sidesSchema } = z.toJSONSchema(sidesShape, { unrepresentable: "any" });

/** Its fields are checked by the store, and only there. */
const sides = z
  .custom<MergeInput<Component>>(isObject, "must be an object: a base and yours")
  .meta({ ...sidesSchema });

/** What brings together what several wrote. */
export const merging = [
  defineOperation({
    name: "mergeContext",
    summary:
      "Merges a context with what came since the version that it was made of, or tells what conflicts.",
    method: "POST",
    path: "/components/{component}/contexts/{id}/merge",
    input: z.strictObject({
      component: inputs.component,
      id: inputs.id,
      sides,
      write: inputs.write.optional(),
    }),
    body: "sides",
    output: outputs.mergedContext,
    statuses: [200],
    run: async (base, { component, id, sides, write }) => {
      const { context, conflicts } = await storeOf(base, component).mergeContext(id, sides, { write });
      return { value: { context: encodeContext(context), conflicts: [...conflicts] } };
    },
  }),
];
