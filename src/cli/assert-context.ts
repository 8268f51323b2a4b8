import { newId } from "../base/ids.ts";
import type { Component } from "../model/component.ts";
import type { ContextInput } from "../model/context.ts";
import { encodeWrite } from "../store/encode.ts";

/**
 * Makes sure of what came from outside, as the store itself will when it is given it.
 * @throws InvalidContextError
 */
export function assertContext(component: Component, value: unknown): asserts value is ContextInput {
  encodeWrite(component, value, newId);
}
