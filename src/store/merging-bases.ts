import type { ContextKey, Engine, StoredContext } from "../engine/engine.ts";
import type { Head } from "./merging-heads.ts";

/**
 * The version that a write counts on: undefined where there was nothing then, or a deletion; "unreadable" where it is
 * not kept any more.
 */
export const readBase = async (
  engine: Pick<Engine, "readVersion" | "history">,
  key: ContextKey,
  version: number,
  head: Head | undefined,
): Promise<StoredContext | undefined | "unreadable"> => {
  if (version === 0) return undefined;
  const stored = head?.recent.get(version) ?? (await engine.readVersion(key, version));
  if (stored) return stored;
  const [entry] = await engine.history({ ...key, limit: 1, before: version + 1 });
  return entry?.version === version && entry.operation === "delete" ? undefined : "unreadable";
};
