import { ContextbaseError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import { type BodyPath, valueBelow } from "../../model/path.ts";
import type { Value } from "./column.ts";

/** The bodies of a context as they are stored; null where one was not read. */
export type StoredBodies = { readonly content: string | null; readonly metadata: string | null };

/** @throws ContextbaseError storage_corrupt: what an engine keeps was JSON when it was written */
export const parseStored = (text: string | null): Json => {
  try {
    return JSON.parse(text ?? "{}");
  } catch (cause) {
    const message = "A context is damaged: it is no JSON any more. Restore the store from a backup.";
    throw new ContextbaseError("storage_corrupt", message, { cause });
  }
};

/** The values at some paths, in their order. @throws ContextbaseError storage_corrupt */
export const valuesAt = (paths: readonly BodyPath[], stored: StoredBodies): readonly Value[] => {
  const bodies = {
    content: stored.content === null ? {} : parseStored(stored.content),
    metadata: stored.metadata === null ? {} : parseStored(stored.metadata),
  };
  return paths.map(({ root, steps }) => valueBelow(bodies[root], steps));
};
