import { z } from "zod";
import { defineComponent } from "../index.ts";

/** Declares nothing: any type, any JSON object. */
export const Anything = defineComponent({ name: "Anything", embeddings: { dimensions: 4 } });

/** Any type, any JSON object, with values that are kept apart. */
export const Indexed = defineComponent({
  name: "Indexed",
  indexes: ["content.value", "content.kind", "metadata.x\\.y.value"],
});

/** Declares what can be declared. */
export const Customer = defineComponent({
  name: "Customer",
  types: {
    profile: z.object({ name: z.string(), plan: z.enum(["free", "pro"]).default("free") }),
    note: z.object({ text: z.string() }),
  },
  metadata: z.object({ source: z.string() }).partial(),
  embeddings: { dimensions: 3 },
});

/** The same by plain JSON Schema. */
export const Ticket = defineComponent({
  name: "Ticket",
  types: {
    ticket: {
      type: "object",
      properties: { title: { type: "string", minLength: 1 }, due: { type: "string", format: "date" } },
      required: ["title"],
      additionalProperties: false,
    },
  },
});
