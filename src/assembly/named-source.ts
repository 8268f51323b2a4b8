import { isObject } from "../base/json.ts";
import type { AssemblySource } from "./assembly.ts";

/** A source as JSON has it: its component by its name. */
export type NamedSource = Omit<AssemblySource, "component"> & { readonly component: string };

/** All but the name is checked where it is assembled, and only there. */
export const isNamedSource = (value: unknown): value is NamedSource =>
  isObject(value) && typeof value.component === "string";
