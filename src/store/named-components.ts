import { ContextbaseError } from "../base/errors.ts";
import type { Component } from "../model/component.ts";

/** @throws ContextbaseError invalid_component where two have one name */
export const namedComponents = (components: readonly Component[]): ReadonlyMap<string, Component> => {
  const named = new Map<string, Component>();
  for (const component of components) {
    if (named.has(component.name)) {
      throw new ContextbaseError(
        "invalid_component",
        `Two components are named ${component.name}. Rename one.`,
      );
    }
    named.set(component.name, component);
  }
  return named;
};

/** The error for a component that is not there, by its name. */
export const unknownComponent = (
  name: string,
  components: ReadonlyMap<string, Component>,
): ContextbaseError => {
  const known = [...components.keys()].join(", ") || "none";
  const message = components.has(name)
    ? `Another component named ${name} was given when the store was opened. Use that one.`
    : `No component ${JSON.stringify(name)} was given when the store was opened. There are: ${known}.`;
  return new ContextbaseError("unknown_component", message, { component: name });
};
