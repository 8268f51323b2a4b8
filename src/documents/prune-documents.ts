import { limits } from "../base/limits.ts";
import type { ContextStore } from "../model/context-store.ts";
import type { Document } from "./document.ts";
import { removeContexts } from "./remove-contexts.ts";
import type { Walk } from "./walk.ts";

/**
 * Removes the contexts of a source's files that are no longer there, as the walk found them. What the walk
 * could not look into counts as there.
 * @returns how many sections were removed
 */
export const pruneDocuments = async (
  store: ContextStore<typeof Document>,
  source: string,
  { paths, problems }: Walk,
  signal: AbortSignal | undefined,
): Promise<number> => {
  const there = new Set(paths);
  const isThere = (path: string): boolean =>
    there.has(path) || problems.some((one) => path === one.path || path.startsWith(`${one.path}/`));
  let removed = 0;
  let cursor: string | undefined;
  do {
    const page = await store.listContexts({ type: "file", limit: limits.pageItems, cursor, signal });
    for (const file of page.contexts) {
      if (file.type !== "file" || file.metadata.source !== source || isThere(file.content.path)) continue;
      removed += await removeContexts(store, file.content.sections, signal);
      await store.deleteContext(file.id, { signal });
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return removed;
};
