import type { WriteOptions } from "../../model/context-store.ts";

/** What is to be undone: a whole write, or all that one actor did in a time. */
export type UndoTarget =
  | {
      readonly write: string;
      readonly actor?: undefined;
      readonly since?: undefined;
      readonly until?: undefined;
    }
  | {
      readonly write?: undefined;
      readonly actor: string;
      /** From this time on. */
      readonly since: Date | string;
      /** Up to, but without, this time. Left out: until now. */
      readonly until?: Date | string | undefined;
    };

export type UndoOptions = WriteOptions & {
  /** Only tells what would be done. */
  readonly dryRun?: boolean | undefined;
};

/** A context that is as it was before. */
export type UndoneContext = {
  readonly component: string;
  readonly id: string;
  /** The version that stood. */
  readonly from: number;
  /** The version that it went back to; 0: there was none, so that it was deleted. */
  readonly to: number;
};

/** A context that was left as it is. */
export type SkippedContext = {
  readonly component: string;
  readonly id: string;
  readonly reason: "changed_since" | "unchanged" | "not_readable" | "does_not_fit" | "unknown_component";
  /** The reason in words, with the version and who made it. */
  readonly message: string;
};

export type Undone = {
  readonly undone: readonly UndoneContext[];
  readonly skipped: readonly SkippedContext[];
  /** The ids of the writes that did it, each of which can be undone again; none in a dry run. */
  readonly writes: readonly string[];
};
