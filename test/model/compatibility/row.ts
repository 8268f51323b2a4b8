import type { JsonSchema } from "../../../src/index.ts";

/**
 * What breaks, as `path kind`. Backward: what the older took and the newer refuses; forward: the reverse. An empty list
 * is compatible.
 */
export type Row = readonly [
  name: string,
  older: JsonSchema | boolean,
  newer: JsonSchema | boolean,
  backward: readonly string[],
  forward: readonly string[],
];

export const fits: readonly string[] = [];
