import { limits } from "../base/limits.ts";
import type { Component } from "../model/component.ts";
import type { ContextStore } from "../model/context-store.ts";

/**
 * Deletes contexts, many in one commit. What is gone already is no error.
 * @returns how many there were
 */
export const removeContexts = async <C extends Component>(
  store: ContextStore<C>,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<number> => {
  let removed = 0;
  for (let at = 0; at < ids.length; at += limits.coalescedWrites) {
    const some = ids.slice(at, at + limits.coalescedWrites);
    const deleted = await Promise.all(some.map((id) => store.deleteContext(id, { signal })));
    removed += deleted.filter(Boolean).length;
  }
  return removed;
};
