import { setTimeout as sleep } from "node:timers/promises";
import type { Change, Contextbase } from "../../src/index.ts";

/** How long a watch has for what is left when all is written. */
const catchUpMilliseconds = 10_000;

type Line = Pick<Change, "position" | "id" | "version" | "write">;

const lineOf = ({ position, id, version, write }: Line): string =>
  JSON.stringify([position, id, version, write]);

/** Watches a tenant from its beginning, and records what it is told. */
export const startWatcher = (base: Contextbase, tenant: string) => {
  const told: Change[] = [];
  const wrong: string[] = [];
  const end = new AbortController();
  const done = (async () => {
    try {
      for await (const change of base.as({ id: "watcher", tenant }).watch({ after: 0, signal: end.signal }))
        told.push(change);
    } catch (cause) {
      if (!end.signal.aborted) wrong.push(`a watch ended by itself: ${String(cause)}`);
    }
  })();

  /** @returns what is wrong with what it was told, beside the log */
  const stop = async (log: readonly Line[]): Promise<string[]> => {
    for (let left = catchUpMilliseconds; left > 0 && told.length < log.length; left -= 100) await sleep(100);
    end.abort();
    await done;
    const at = log.findIndex((row, index) => {
      const change = told[index];
      return change === undefined || lineOf(change) !== lineOf(row);
    });
    if (at >= 0 || told.length !== log.length)
      wrong.push(`${tenant}: watched ${told.length} of ${log.length}, other at ${at}`);
    return wrong;
  };
  return { tenant, stop };
};
