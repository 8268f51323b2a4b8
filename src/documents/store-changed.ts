import { isDeepStrictEqual } from "node:util";
import { newId } from "../base/ids.ts";
import { parseJsonText } from "../base/json-text.ts";
import type { Component, ContextOf, InputFor } from "../model/component.ts";
import type { Context } from "../model/context.ts";
import type { ContextStore, WriteOptions } from "../model/context-store.ts";
import { encodeWrite } from "../store/encode.ts";

/** How many contexts were new, differed from what stood, or stood already. */
export type Stored = { readonly created: number; readonly changed: number; readonly unchanged: number };

/**
 * Stores those contexts that differ from what stands under their ids; all of them or none. One that stands
 * already gets no new version, so that storing the same again changes nothing.
 * @param contexts each with its id
 * @throws as storeContexts
 */
export const storeChanged = async <C extends Component>(
  store: ContextStore<C>,
  contexts: readonly InputFor<C>[],
  options: WriteOptions = {},
): Promise<Stored> => {
  const ids = contexts.flatMap((context) => (context.id === undefined ? [] : [context.id]));
  const standing = await store.retrieveContexts(ids, { signal: options.signal });
  const differing = contexts.filter((context, index) => !stands(store.component, context, standing[index]));
  if (differing.length > 0) await store.storeContexts(differing, options);
  const created = standing.filter((context) => context === undefined).length;
  const unchanged = contexts.length - differing.length;
  return { created, changed: differing.length - created, unchanged };
};

/** Whether storing `input` would store what stands: its schemas may add defaults and drop what they do not know. */
const stands = <C extends Component>(
  component: C,
  input: InputFor<C>,
  standing: ContextOf<C> | undefined,
): boolean => {
  const current: Context<string, unknown, unknown> | undefined = standing;
  if (!current) return false;
  const { write, body } = encodeWrite(component, input, newId);
  const { type, content, metadata, expiresAt } = write;
  return (
    type === current.type &&
    expiresAt === current.expiresAt?.getTime() &&
    isSameJson(content, current.content) &&
    isSameJson(metadata, current.metadata) &&
    isSameVector(component, body.embeddings, current.embeddings)
  );
};

/** A vector that is not given stands already where it is made of texts that did not change. */
const isSameVector = (component: Component, given: Float32Array, standing: Float32Array): boolean => {
  if (given.length === 0 && component.definition.embeddings?.embed) return true;
  return given.length === standing.length && given.every((number, at) => number === standing[at]);
};

/** Texts first: they are the same nearly always, and cost a tenth. */
const isSameJson = (text: string, value: unknown): boolean =>
  text === JSON.stringify(value) || isDeepStrictEqual(parseJsonText(text), value);
