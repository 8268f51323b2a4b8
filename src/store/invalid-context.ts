import { InvalidContextError } from "../base/errors.ts";
import { show } from "../base/show.ts";
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

/** What a value is, for a message that must not show it. */
export const kindOf = (value: unknown): string =>
  typeof value === "object" ? show(value) : `of type ${typeof value}`;
