import { ContextbaseError, InvalidContextError } from "../base/errors.ts";
import type { NewId } from "../base/ids.ts";
import { limits } from "../base/limits.ts";
import type { Component } from "../model/component.ts";
import { type EncodedWrite, encodeWrite } from "./encode.ts";

/** How many contexts of a batch are encoded before others have their turn of the event loop. */
const encodedAtOnce = 500;

const encodeAt = (component: Component, input: unknown, newId: NewId, index: number): EncodedWrite => {
  try {
    return encodeWrite(component, input, newId);
  } catch (cause) {
    if (!(cause instanceof ContextbaseError)) throw cause;
    const options = { component: component.name, details: { ...cause.details, index } };
    const message = `${cause.message} (context ${index} of the batch)`;
    throw cause instanceof InvalidContextError
      ? new InvalidContextError(message, options)
      : new ContextbaseError(cause.code, message, options);
  }
};

/**
 * A batch, each context checked and encoded by itself; what is wrong names its place.
 * @throws InvalidContextError, or ContextbaseError too_large
 */
export const encodeBatch = async (
  component: Component,
  inputs: readonly unknown[],
  newId: NewId,
): Promise<EncodedWrite[]> => {
  if (inputs.length > limits.batchContexts) {
    const message = `A batch takes up to ${limits.batchContexts} contexts, not ${inputs.length}. Store it in parts.`;
    throw new ContextbaseError("too_large", message, { component: component.name });
  }
  const encoded: EncodedWrite[] = [];
  const ids = new Set<string>();
  for (const [index, input] of inputs.entries()) {
    if (index > 0 && index % encodedAtOnce === 0) await new Promise(setImmediate);
    const one = encodeAt(component, input, newId, index);
    const { id } = one.write;
    if (ids.has(id)) {
      const message = `${component.name} ${JSON.stringify(id)} stands twice in the batch. Store one of them.`;
      throw new InvalidContextError(message, { component: component.name, details: { index, id } });
    }
    ids.add(id);
    encoded.push(one);
  }
  return encoded;
};
