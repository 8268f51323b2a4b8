import { isObject, type Json } from "../base/json.ts";
import { show } from "../base/show.ts";
import { parsePointer } from "./json-pointer.ts";

/** Why an operation is none, or does not fit: what is wrong, and the mend. */
export class PatchProblem extends Error {}

export type Path = readonly string[];

/** An operation that was checked. `pointer` is its path as it was given. */
export type Operation = { readonly pointer: string; readonly path: Path } & (
  | { readonly op: "add"; readonly value: Json }
  | { readonly op: "replace"; readonly value: Json }
  | { readonly op: "test"; readonly value: Json }
  | { readonly op: "remove" }
  | { readonly op: "move"; readonly from: Path }
  | { readonly op: "copy"; readonly from: Path }
);

const pathOf = (operation: Record<string, unknown>, member: "path" | "from"): Path => {
  const text = Object.hasOwn(operation, member) ? operation[member] : undefined;
  const path = typeof text === "string" ? parsePointer(text) : undefined;
  if (path) return path;
  throw new PatchProblem(
    `its ${member} is ${show(text)}. It must be a JSON Pointer: "" or /names/of/members, where ~0 stands for ~ and ~1 for /.`,
  );
};

/**
 * Checks one operation. Members that its kind does not have are ignored, as RFC 6902 wants.
 * @param copy gives a value that nobody else holds
 * @throws PatchProblem, and what `copy` throws
 */
export const readOperation = (given: unknown, copy: (value: unknown) => Json): Operation => {
  if (!isObject(given)) throw new PatchProblem(`it is ${show(given)}. It must be an object.`);
  const op = Object.hasOwn(given, "op") ? given.op : undefined;
  switch (op) {
    case "add":
    case "replace":
    case "test": {
      const path = pathOf(given, "path");
      if (!Object.hasOwn(given, "value") || given.value === undefined)
        throw new PatchProblem(`it has no value. ${op} takes one; null is one, too.`);
      return { op, pointer: String(given.path), path, value: copy(given.value) };
    }
    case "remove":
      return { op, pointer: String(given.path), path: pathOf(given, "path") };
    case "move":
    case "copy":
      return {
        op,
        pointer: String(given.path),
        path: pathOf(given, "path"),
        from: pathOf(given, "from"),
      };
    default:
      throw new PatchProblem(`its op is ${show(op)}. There are: add, remove, replace, move, copy, test.`);
  }
};
