import * as z from "zod";
import { checkOptions, checkWhole } from "../../base/arguments.ts";
import { isObject } from "../../base/json.ts";
import { encodeContext } from "../../model/context.ts";
import type { UndoOptions, UndoTarget } from "../../store/undo/undoing.ts";
import { guardWrite } from "../guard-write.ts";
import * as inputs from "../inputs.ts";
import { defineOperation } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { contextDiff, undone } from "../version-outputs.ts";
import { storeOf } from "./store-of.ts";

const { component, id, version } = inputs;
const write = inputs.write.optional();

const from = version.optional().meta({ description: "Left out: the version before the other." });
const to = version.optional().meta({ description: "Left out: the current version." });

const revertShape = z.strictObject({ version: version.meta({ description: "The version to go back to." }) });
const { $schema: _, ...revertSchema } = z.toJSONSchema(revertShape);

/** Its field is checked once the component is known, as those of other bodies are. */
const revert = z
  .custom<Record<string, unknown>>(isObject, "must be an object: { version }")
  .meta({ ...revertSchema });

const time = z.string().optional();

/** What the body may hold, for those who read the API. */
const undoShape = z.strictObject({
  write: z.string().optional().meta({ description: "The write that is to be undone." }),
  actor: z.string().optional().meta({ description: "Whose changes are to be undone, in place of a write." }),
  since: time.meta({ description: "From this time on.", format: "date-time" }),
  until: time.meta({ description: "Up to, but without, this time; left out: now.", format: "date-time" }),
  dryRun: z.boolean().optional().meta({ description: "Whether only to tell what would be done." }),
});

const { $schema: __, ...undoSchema } = z.toJSONSchema(undoShape);

/** Its fields are checked by the store, and only there. */
const undo = z
  .custom<UndoTarget & Pick<UndoOptions, "dryRun">>(isObject, "must be an object: what is to be undone")
  .meta({ ...undoSchema });

/** What compares versions, and goes back to them. */
export const versioning = [
  defineOperation({
    name: "diff",
    summary: "Tells how one version of a context became another, as JSON Patch.",
    method: "GET",
    path: "/components/{component}/contexts/{id}/diff",
    input: z.strictObject({ component, id, from, to }),
    output: contextDiff,
    statuses: [200],
    run: async (base, { component, id, from, to }) => {
      const patch = await storeOf(base, component).diff(id, from, to);
      const { embeddings } = patch;
      return { value: { patch: [...patch], ...(embeddings && { embeddings }) } };
    },
  }),

  defineOperation({
    name: "revertContext",
    summary: "Makes an earlier version of a context current again, as a new version.",
    method: "POST",
    path: "/components/{component}/contexts/{id}/revert",
    input: z.strictObject({ component, id, revert, write }),
    body: "revert",
    output: outputs.context,
    statuses: [200],
    guarded: true,
    run: async (base, { component, id, revert, write }, guard) => {
      const store = storeOf(base, component);
      checkOptions("The body of revertContext", revert, ["version"]);
      const back = checkWhole("version", revert.version, 1, Number.MAX_SAFE_INTEGER);
      const reverted = await guardWrite({ base, store, id, version: undefined, write }, guard, (version) =>
        store.revertContext(id, back, { version, write }),
      );
      return { value: encodeContext(reverted), version: reverted.version };
    },
  }),

  defineOperation({
    name: "undo",
    summary: "Takes back what one write did, or all that one actor did since a time.",
    method: "POST",
    path: "/undo",
    input: z.strictObject({ undo, write }),
    body: "undo",
    output: undone,
    statuses: [200],
    run: async (base, { undo: { dryRun, ...target }, write }) => {
      const done = await base.undo(target, { dryRun, write });
      return {
        value: { undone: [...done.undone], skipped: [...done.skipped], writes: [...done.writes] },
      };
    },
  }),
];
