import { ContextbaseError, InvalidContextError } from "../base/errors.ts";
import { createJsonCopier, type Json } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import type { JsonPatch, PatchOperation } from "../model/json-patch.ts";
import { type Difference, differencesOf } from "./differences.ts";
import { formatPointer } from "./json-pointer.ts";

/**
 * The JSON Patch (RFC 6902) that makes `b` of `a`: `[]` where they are the same JSON, whatever the order of members.
 * It takes time about linear in their size. Where it would take more than `limits.patchOperations`, it replaces the
 * whole. It shares nothing with either value.
 * @throws ContextbaseError invalid_argument where one is no JSON, too_large beyond `limits.patchBytes`
 */
export const createPatch = (a: unknown, b: unknown): JsonPatch => {
  const from = copyOf(a, "The first value");
  const to = copyOf(b, "The second value");
  const patch: PatchOperation[] = [];
  for (const difference of differencesOf(from, to)) {
    if (patch.length === limits.patchOperations) return [{ op: "replace", path: "", value: to }];
    patch.push(toOperation(difference));
  }
  return patch;
};

/** A copy, so that nothing that happens to a value afterwards happens to its patch. */
const copyOf = (value: unknown, name: string): Json => {
  try {
    return createJsonCopier(limits.patchBytes)(value, name);
  } catch (cause) {
    if (!(cause instanceof InvalidContextError)) throw cause;
    throw new ContextbaseError("invalid_argument", cause.message, { details: cause.details });
  }
};

const toOperation = (difference: Difference): PatchOperation => {
  const path = formatPointer(difference.path);
  switch (difference.kind) {
    case "added":
      return { op: "add", path, value: difference.after };
    case "removed":
      return { op: "remove", path };
    case "changed":
      return { op: "replace", path, value: difference.after };
  }
};
