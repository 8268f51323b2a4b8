import * as z from "zod";
import { outputs } from "./outputs.ts";

const pointer = z.string();

/** RFC 6902. */
const patchOperation = z
  .discriminatedUnion("op", [
    z.strictObject({ op: z.enum(["add", "replace", "test"]), path: pointer, value: z.unknown() }),
    z.strictObject({ op: z.literal("remove"), path: pointer }),
    z.strictObject({ op: z.enum(["move", "copy"]), from: pointer, path: pointer }),
  ])
  .register(outputs, { id: "PatchOperation" });

export const contextDiff = z
  .strictObject({
    patch: z.array(patchOperation),
    embeddings: z
      .strictObject({
        change: z.enum(["added", "removed", "moved", "replaced"]),
        distance: z.number().optional().meta({ description: "The cosine distance of what was moved." }),
      })
      .optional(),
  })
  .register(outputs, { id: "ContextDiff" });

export const undone = z
  .strictObject({
    undone: z.array(
      z.strictObject({
        component: z.string(),
        id: z.string(),
        from: z.int().min(1),
        to: z.int().min(0).meta({ description: "0: there was none before, so that it was deleted." }),
      }),
    ),
    skipped: z.array(
      z.strictObject({
        component: z.string(),
        id: z.string(),
        reason: z.enum(["changed_since", "unchanged", "not_readable", "does_not_fit", "unknown_component"]),
        message: z.string(),
      }),
    ),
    writes: z.array(z.string()),
  })
  .register(outputs, { id: "Undone" });
