import { checkName } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import type { Component } from "../model/component.ts";

/** @throws ContextbaseError invalid_argument where the component declares types, and this is none of them */
export const checkType = ({ name, types }: Component, type: string): string => {
  if (!types || types.has(type)) return checkName("type", type);
  const message = `${name} has no type ${JSON.stringify(type)}. Its types: ${[...types.keys()].join(", ")}.`;
  throw new ContextbaseError("invalid_argument", message);
};
