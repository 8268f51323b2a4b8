import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";

/**
 * What a store file and its logs hold. The -shm beside them is only an index of the log, made anew
 * by whoever opens the file, and an empty log says what a missing one says.
 */
export const fingerprint = (path: string): readonly string[] =>
  [path, `${path}-wal`, `${path}-journal`].map((file) => {
    const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    return `${bytes.length} bytes ${createHash("sha256").update(bytes).digest("hex")}`;
  });

/** The error that a call throws; what else happens is told as it is. */
export const errorOf = async (work: () => unknown): Promise<unknown> => {
  try {
    return { returned: await work() };
  } catch (cause) {
    return cause;
  }
};
