import { InvalidContextError } from "../base/errors.ts";
import type { Component } from "../model/component.ts";

/** The error for what does not fit a component: what, where, and what would do. */
export const invalid = (
  component: Component,
  path: string,
  problem: string,
  mend: string,
): InvalidContextError =>
  new InvalidContextError(`${component.name} ${path} ${problem}. ${mend}`, {
    component: component.name,
    details: { path },
  });

/** What a value is, for a message. */
export const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "an array" : `of type ${typeof value}`;
