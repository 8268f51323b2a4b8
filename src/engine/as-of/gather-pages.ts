import { setImmediate } from "node:timers/promises";
import type { AsOf, AsOfReads } from "../port/as-of.ts";
import type { Key } from "../port/records.ts";
import type { Gathering } from "./gathering.ts";

/**
 * Walks over what stood, page by page; others have their turn in between.
 * @returns undefined where content of an older schema version had to be looked into
 */
export const gatherPages = async <Answer>(
  standing: AsOfReads["standing"],
  { tenant, component, at, schemaVersion }: Key & AsOf,
  gathering: Gathering<Answer>,
  signal?: AbortSignal,
): Promise<Answer | undefined> => {
  const { walk, lifted, take, answer } = gathering;
  const isWhole = schemaVersion === 0 || !lifted;
  const query = { tenant, component, at, ...walk, type: isWhole ? walk.type : undefined };
  for (let after = walk.after; ; ) {
    signal?.throwIfAborted();
    const page = await standing({ ...query, after });
    for (const one of page.contexts) {
      if (!isWhole && one.schemaVersion < schemaVersion) return undefined;
      if (!take(one)) return answer();
    }
    if (page.next === undefined) return answer();
    after = page.next;
    await setImmediate();
  }
};
