import { defineComponent } from "contextbase";
import { z } from "zod";

/** What holds for everybody. */
export const Policy = defineComponent({
  name: "Policy",
  types: { policy: z.object({ title: z.string(), text: z.string() }) },
});

/** Who asks. */
export const Customer = defineComponent({
  name: "Customer",
  types: { profile: z.object({ name: z.string(), plan: z.enum(["free", "pro"]), country: z.string() }) },
});

/** What helped others before. */
export const Ticket = defineComponent({
  name: "Ticket",
  types: { solved: z.object({ problem: z.string(), solution: z.string() }) },
  metadata: z.object({ product: z.string() }),
  indexes: ["metadata.product"],
});

/** What was said, turn by turn. An answer keeps the receipt of what it was given from. */
export const Turn = defineComponent({
  name: "Turn",
  types: { turn: z.object({ speaker: z.enum(["customer", "assistant"]), text: z.string() }) },
  metadata: z.object({
    conversation: z.string(),
    turn: z.int().min(1),
    receipt: z.string().optional(),
  }),
  searchText: ["content.text"],
  thread: "metadata.conversation",
  order: "metadata.turn",
});
