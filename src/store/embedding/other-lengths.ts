import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { toVector } from "../../model/embedding-bytes.ts";

type Vector = readonly unknown[] | Float32Array;

/** A context that is to be stored with a vector of another length than its component's, where that embeds. */
type Other = { readonly id: string; readonly vector: Vector; readonly context: Record<string, unknown> };

const otherOf = ({ dimensions, definition }: Component, input: unknown): Other | undefined => {
  if (!definition.embeddings?.embed) return undefined;
  try {
    if (!isObject(input) || typeof input.id !== "string") return undefined;
    const { id, embeddings: vector } = input;
    if (!Array.isArray(vector) && !(vector instanceof Float32Array)) return undefined;
    return vector.length === 0 || vector.length === dimensions ? undefined : { id, vector, context: input };
  } catch {
    // What cannot be read is named where it is checked.
    return undefined;
  }
};

/** Whether something is to be left out at all, so that what is to be stored can be copied at once where not. */
export const hasOtherLength = (component: Component, inputs: readonly unknown[]): boolean =>
  inputs.length <= limits.batchContexts && inputs.some((input) => otherOf(component, input));

/**
 * While vectors are made anew, what stands may have one of another length, which who reads a context, changes it and
 * stores it again carries along. It is left out, so that one of the component's own is made.
 * @param inputs what is to be stored, unchecked
 */
export const withoutOtherLengths = async (
  component: Component,
  engine: Engine,
  tenant: string,
  inputs: readonly unknown[],
): Promise<readonly unknown[]> => {
  const others = new Map<unknown, Other>();
  for (const input of inputs) {
    const other = otherOf(component, input);
    if (other) others.set(input, other);
  }
  const ids = [...others.values()].map(({ id }) => id);
  const stored = await engine.read({ tenant, component: component.name }, ids);
  const standing = new Map(stored.flatMap((one) => (one ? [[one.id, toVector(one.embeddings)]] : [])));
  return inputs.map((input) => {
    const other = others.get(input);
    const stands = other && standing.get(other.id);
    if (!stands || stands.length !== other.vector.length) return input;
    return stands.every((number, at) => number === other.vector[at])
      ? { ...other.context, embeddings: undefined }
      : input;
  });
};
