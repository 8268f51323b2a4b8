import type { Repacked } from "./prune-plan.ts";
import { compressBody, encodings } from "./version-body.ts";

/**
 * Packs bodies anew whose dictionary is to go: the newest, which will be kept longest, stands by itself and serves the
 * others. They are read and given one after another.
 * @param versions newest first
 */
export function* repack(
  versions: readonly number[],
  bodyOf: (version: number) => Buffer,
): Generator<Repacked> {
  const [newest, ...others] = versions;
  if (newest === undefined) return;
  const dictionary = bodyOf(newest);
  yield { version: newest, dictionary: undefined, ...compressBody(dictionary, undefined) };
  for (const version of others) {
    const packed = compressBody(bodyOf(version), dictionary);
    yield { version, dictionary: packed.encoding === encodings.plain ? undefined : newest, ...packed };
  }
}
