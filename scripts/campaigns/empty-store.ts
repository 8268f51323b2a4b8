import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { OpenOptions } from "../../src/index.ts";

/** What a campaign is told that compares a store with a model. */
export type EmptyStore = {
  readonly operations: number;
  /** Left out: another one each time. */
  readonly seed: string | undefined;
  /** Where the store is: what --url names, or an encrypted file in a temporary folder. */
  readonly place: Pick<OpenOptions, "url" | "key">;
  /** Removes the folder. */
  readonly remove: () => void;
};

/**
 * Reads --operations, --url and --seed.
 * @param name begins the names of the folder and the file
 */
export const readEmptyStore = (name: string): EmptyStore => {
  const { values } = parseArgs({
    options: {
      operations: { type: "string", default: "20000" },
      url: { type: "string" },
      seed: { type: "string" },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), `contextbase-${name}-`));
  const key = new Uint8Array(32).fill(7);
  return {
    operations: Number(values.operations),
    seed: values.seed,
    place:
      values.url === undefined ? { url: `file:${join(folder, `${name}.db`)}`, key } : { url: values.url },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
