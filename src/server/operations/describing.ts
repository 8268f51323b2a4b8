import * as z from "zod";
import { ContextbaseError } from "../../base/errors.ts";
import * as inputs from "../inputs.ts";
import { defineOperation } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { componentOf } from "./store-of.ts";

/** What the store tells of itself. */
export const describing = [
  defineOperation({
    name: "describeComponents",
    summary: "Tells every component: its types, schemas and dimensions.",
    method: "GET",
    path: "/components",
    input: z.strictObject({}),
    output: outputs.componentDescriptions,
    statuses: [200],
    run: async ({ components }) => ({
      value: { components: [...components.values()].map((component) => component.describe()) },
    }),
  }),

  defineOperation({
    name: "describeComponent",
    summary: "Tells a component: its types, schemas and dimensions.",
    method: "GET",
    path: "/components/{component}",
    input: z.strictObject({ component: inputs.component }),
    output: outputs.componentDescription,
    statuses: [200],
    run: async (base, { component }) => ({ value: componentOf(base, component).describe() }),
  }),

  defineOperation({
    name: "findWrite",
    summary: "Tells whether the write of this name happened, and what it did.",
    method: "GET",
    path: "/writes/{write}",
    input: z.strictObject({ write: inputs.write }),
    output: outputs.writeRecord,
    statuses: [200],
    run: async (base, { write }) => {
      const record = await base.findWrite(write);
      if (record) return { value: { ...record, at: record.at.toISOString(), changes: [...record.changes] } };
      const message = `No write ${JSON.stringify(write)} happened. It can be sent.`;
      throw new ContextbaseError("not_found", message, { details: { write } });
    },
  }),
];
