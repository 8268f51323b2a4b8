import * as z from "zod";
import { ContextbaseError, ContextNotFoundError, InvalidContextError } from "../../base/errors.ts";
import type { Component, ContextOf } from "../../model/component.ts";
import { encodeContext } from "../../model/context.ts";
import type { ContextStore } from "../../model/context-store.ts";
import { guardWrite } from "../guard-write.ts";
import * as inputs from "../inputs.ts";
import { defineOperation, type Guard } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { storeOf } from "./store-of.ts";

const { component, id, version, context, contexts } = inputs;
const write = inputs.write.optional();

/** What writes contexts. */
export const storing = [
  defineOperation({
    name: "createContext",
    summary: "Stores a context under an id that is not in use. Without an id one is made.",
    method: "POST",
    path: "/components/{component}/contexts",
    input: z.strictObject({ component, context, write }),
    body: "context",
    output: outputs.context,
    statuses: [201],
    run: async (base, { component, context, write }) => {
      const store = storeOf(base, component);
      const { id, version } = context;
      const stored =
        id === undefined
          ? await store.storeContext(context, { write })
          : await guardWrite({ base, store, id, version, write }, mustBeAbsent(component, id), (version) =>
              store.storeContext({ ...context, version }, { write }),
            );
      return { value: encodeContext(stored), version: stored.version, created: stored.id };
    },
  }),

  defineOperation({
    name: "storeContext",
    summary: "Stores the next version of a context, or the version that the context names.",
    method: "PUT",
    path: "/components/{component}/contexts/{id}",
    input: z.strictObject({ component, id, context, onConflict: inputs.onConflict.optional(), write }),
    body: "context",
    output: outputs.context,
    statuses: [200, 201],
    guarded: true,
    run: async (base, { component, id, context, onConflict, write }, guard) => {
      const store = storeOf(base, component);
      if (guard && onConflict === "merge") {
        const message =
          "A condition fails where another version came first, and onConflict=merge does not. Give one of them; what to merge with is told by the version in the body.";
        throw new ContextbaseError("invalid_argument", message);
      }
      if (context.id !== undefined && context.id !== id) {
        const message = `${component} id is ${JSON.stringify(context.id)}, but is to be stored as ${JSON.stringify(id)}. Leave one out.`;
        throw new InvalidContextError(message, { component, details: { path: "id" } });
      }
      const { version } = context;
      const stored = await guardWrite({ base, store, id, version, write }, guard, (version) =>
        store.storeContext({ ...context, id, version }, { write, onConflict }),
      );
      return {
        value: encodeContext(stored),
        version: stored.version,
        created: (await cameToBe(store, stored)) ? id : undefined,
      };
    },
  }),

  defineOperation({
    name: "deleteContext",
    summary: "Deletes a context. Its versions can still be read.",
    method: "DELETE",
    path: "/components/{component}/contexts/{id}",
    input: z.strictObject({ component, id, version: version.optional(), write }),
    output: undefined,
    statuses: [204],
    guarded: true,
    run: async (base, { component, id, version, write }, guard) => {
      const store = storeOf(base, component);
      // A condition is on what is there; nothing being there is told as such.
      const present: Guard | undefined = guard && ((current) => current !== undefined && guard(current));
      const deleted = await guardWrite({ base, store, id, version, write }, present, (version) =>
        store.deleteContext(id, { version, write }),
      );
      if (!deleted) throw new ContextNotFoundError(component, id);
      return { value: undefined };
    },
  }),

  defineOperation({
    name: "storeContexts",
    summary: "Stores many contexts: all, or none.",
    method: "POST",
    path: "/components/{component}/batch",
    input: z.strictObject({ component, contexts, write }),
    body: "contexts",
    output: outputs.contexts,
    statuses: [200],
    run: async (base, { component, contexts, write }) => {
      const stored = await storeOf(base, component).storeContexts(contexts, { write });
      return { value: { contexts: stored.map(encodeContext) } };
    },
  }),
];

const mustBeAbsent =
  (component: string, id: string): Guard =>
  (current) => {
    if (current === undefined) return;
    const message = `${component} ${JSON.stringify(id)} exists, as version ${current}. Store its next version, or leave the id out to have one made.`;
    throw new ContextbaseError("version_conflict", message, { component, details: { id, current } });
  };

/** Whether this version is the first, or the first after a deletion. */
const cameToBe = async (
  store: ContextStore<Component>,
  { id, version }: ContextOf<Component>,
): Promise<boolean> =>
  version === 1 || (await store.retrieveContext(id, { version: version - 1 })) === undefined;
