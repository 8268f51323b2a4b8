import type { Change, Entry } from "../port/records.ts";

/**
 * What a removed version has for a schema version: none has it otherwise. A store that is made anew from entries has a
 * row of it where the first versions of a context were removed, until the first that is kept takes its place.
 */
export const removedSchemaVersion = 0;

/** The entry of a version that retention removed. */
export const removedEntry = (change: Change): Entry => ({
  change,
  schemaVersion: removedSchemaVersion,
  parent: undefined,
  expiresAt: undefined,
  removed: true,
  body: undefined,
});
