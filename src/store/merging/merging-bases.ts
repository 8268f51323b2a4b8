import type { ContextKey, Engine, StoredContext } from "../../engine/engine.ts";
import type { Head } from "./merging-heads.ts";

/**
 * The version that a write counts on; undefined where there was nothing then, or a deletion.
 * @throws ContextbaseError version_removed
 */
export const readBase = async (
  engine: Pick<Engine, "readVersion">,
  key: ContextKey,
  version: number,
  head: Head | undefined,
): Promise<StoredContext | undefined> =>
  version === 0 ? undefined : (head?.recent.get(version) ?? engine.readVersion(key, version));
