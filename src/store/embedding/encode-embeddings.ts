import { show } from "../../base/show.ts";
import type { Component } from "../../model/component.ts";
import { invalid, kindOf } from "../invalid-context.ts";

const numberOf = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

/**
 * A copy as float32, −0 made 0; empty where none is given.
 * @throws InvalidContextError
 */
export const toEmbeddings = (component: Component, value: unknown): Float32Array<ArrayBuffer> => {
  if (value === undefined) return new Float32Array(0);
  if (!Array.isArray(value) && !(value instanceof Float32Array)) {
    const mend = "Give an array of numbers or a Float32Array.";
    throw invalid(component, "embeddings", `is ${kindOf(value)}`, mend);
  }
  if (value.length === 0) return new Float32Array(0);
  const { dimensions } = component;
  if (dimensions === undefined) {
    const mend = "Declare embeddings: { dimensions }.";
    throw invalid(component, "embeddings", "is given, but it declares none", mend);
  }
  if (value.length !== dimensions) {
    const problem = `has ${value.length} numbers`;
    throw invalid(component, "embeddings", problem, `It declares ${dimensions} dimensions.`);
  }
  // What is no number becomes NaN.
  const vector =
    value instanceof Float32Array ? new Float32Array(value) : new Float32Array(value.map(numberOf));
  let zero = true;
  for (let at = 0; at < vector.length; at++) {
    const single = vector[at] ?? Number.NaN;
    if (!Number.isFinite(single)) {
      const mend = "Each must be a finite number that float32 can hold.";
      throw invalid(component, `embeddings[${at}]`, `is ${show(value[at])}`, mend);
    }
    if (single !== 0) zero = false;
    else vector[at] = 0;
  }
  if (!zero) return vector;
  throw invalid(component, "embeddings", "is all zeros, which points nowhere", "Leave it empty instead.");
};
