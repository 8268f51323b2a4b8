import { checkOptions, checkWhole } from "../../../base/arguments.ts";

export type PostgresTimeouts = {
  /** Making a connection, and waiting for one of the pool. */
  readonly connectMilliseconds: number;
  /** A statement that reads. Its answer is waited for a little longer; then the connection is taken for lost. */
  readonly statementMilliseconds: number;
  /**
   * Waiting for a lock before it is tried again: writes of one tenant come one after another. The answer to a write is
   * waited for twice as long, and longer for a large one; then the connection is taken for lost.
   */
  readonly lockMilliseconds: number;
  /** A whole call, with all its tries. */
  readonly callMilliseconds: number;
};

const defaultTimeouts: PostgresTimeouts = {
  connectMilliseconds: 3_000,
  statementMilliseconds: 4_000,
  lockMilliseconds: 2_000,
  callMilliseconds: 30_000,
};

/** Far below `limits.fenceMilliseconds`: no commit of a call is on its way for that long. */
const mostMilliseconds = 60 * 60 * 1000;

/** @throws ContextbaseError invalid_argument */
export const checkTimeouts = (
  named: Partial<PostgresTimeouts>,
  given: Partial<PostgresTimeouts> = {},
): PostgresTimeouts => {
  checkOptions("timeouts", given, Object.keys(defaultTimeouts));
  const timeouts = { ...defaultTimeouts, ...named, ...given };
  for (const [name, value] of Object.entries(timeouts)) checkWhole(name, value, 1, mostMilliseconds);
  return timeouts;
};
