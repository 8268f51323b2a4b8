import { ContextbaseError, InvalidContextError } from "../base/errors.ts";
import { createJsonCopier, type Json } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { sameJson } from "../base/same-json.ts";
import type { JsonPatch } from "../model/json-patch.ts";
import { formatPointer } from "./json-pointer.ts";
import { type Operation, PatchProblem, type Path, readOperation } from "./patch-operation.ts";
import { addAt, type Holder, removeAt, replaceAt, valueAt } from "./patch-place.ts";

type Copy = ReturnType<typeof createJsonCopier>;

/**
 * Applies a JSON Patch (RFC 6902), all of it or nothing.
 * @param value JSON; it is not changed
 * @returns a new value that shares nothing with `value` or with the patch
 * @throws ContextbaseError invalid_patch, whose `details.index` is the operation that is none or does not fit;
 *   invalid_argument where `value` is no JSON; too_large beyond `limits.patchOperations` or `limits.patchBytes`
 */
export const applyPatch = (value: unknown, patch: JsonPatch): Json => {
  if (!Array.isArray(patch)) throw invalidPatch("A JSON Patch is an array of operations.");
  if (patch.length > limits.patchOperations) {
    const message = `A patch takes up to ${limits.patchOperations} operations, not ${patch.length}. Replace what holds them.`;
    throw new ContextbaseError("too_large", message);
  }
  const copy = createJsonCopier(limits.patchBytes);
  const holder: Holder = { root: copyGiven(copy, value) };
  for (const [index, given] of patch.entries()) applyOne(holder, given, index, copy);
  if (nestsDeeper(holder.root, limits.jsonDepth))
    throw invalidPatch(`The patched value nests deeper than ${limits.jsonDepth} levels. Flatten it.`);
  return holder.root;
};

/** Moves and copies may nest what fits by itself. */
const nestsDeeper = (value: Json, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((item: Json) => nestsDeeper(item, levels - 1)));

const invalidPatch = (message: string, details = {}): ContextbaseError =>
  new ContextbaseError("invalid_patch", message, { details });

const copyGiven = (copy: Copy, value: unknown): Json => {
  try {
    return copy(value, "The value");
  } catch (cause) {
    if (!(cause instanceof InvalidContextError)) throw cause;
    throw new ContextbaseError("invalid_argument", cause.message, { details: cause.details });
  }
};

const applyOne = (holder: Holder, given: unknown, index: number, copy: Copy): void => {
  let operation: Operation | undefined;
  try {
    operation = readOperation(given, (value) => copy(value, "value"));
    apply(holder, operation, copy);
  } catch (cause) {
    if (!(cause instanceof PatchProblem || cause instanceof InvalidContextError)) throw cause;
    const name = operation ? ` (${operation.op} ${JSON.stringify(operation.pointer.slice(0, 200))})` : "";
    const problem = cause.message;
    throw invalidPatch(`Operation ${index} of the patch${name} cannot be applied: ${problem}`, {
      index,
      ...(operation && { op: operation.op, path: operation.pointer }),
    });
  }
};

const apply = (holder: Holder, operation: Operation, copy: Copy): void => {
  const { path } = operation;
  if (operation.op === "add") addAt(holder, path, operation.value);
  else if (operation.op === "replace") replaceAt(holder, path, operation.value);
  else if (operation.op === "remove") removeAt(holder, path);
  else if (operation.op === "copy") addAt(holder, path, copy(valueAt(holder, operation.from), "value"));
  else if (operation.op === "move") moveTo(holder, operation.from, path);
  else if (!sameJson(valueAt(holder, path), operation.value))
    throw new PatchProblem("another value stands there. Make the patch from the value as it is.");
};

const moveTo = (holder: Holder, from: Path, path: Path): void => {
  const value = valueAt(holder, from);
  if (formatPointer(from) === formatPointer(path)) return;
  if (from.every((step, at) => step === path[at]))
    throw new PatchProblem("a value cannot be moved into itself.");
  removeAt(holder, from);
  addAt(holder, path, value);
};
