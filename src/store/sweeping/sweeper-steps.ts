import type { Clock } from "../../base/clock.ts";
import type { ContextbaseError } from "../../base/errors.ts";
import type { NewId } from "../../base/ids.ts";
import type { ContextKey, Engine } from "../../engine/engine.ts";

/** What a sweep works with. */
export type SweepParts = {
  /** The engine itself, which has what expired, too. */
  readonly engine: Engine;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly commit: Engine["commit"];
  /** Told of contexts that are not as they were. */
  readonly forget: (keys: readonly ContextKey[]) => void;
  /** Told what is damaged of a component, or keeps a sweep from its work. */
  readonly onError: (component: string, cause: ContextbaseError) => void;
  /** Only counts, and changes nothing. */
  readonly dryRun: boolean;
};

/** What a short piece of work did. Whoever drives the sweep rests in between, or goes on at once. */
export type SweepStep = {
  readonly component?: string;
  /** Contexts that a retention was applied to. */
  readonly examined?: number;
  /** Versions that were removed. */
  readonly removed?: number;
  /** Contexts that expired, of which deletions were made. */
  readonly expired?: number;
  /** Entries of the change log that were gone through. */
  readonly changes?: number;
};
