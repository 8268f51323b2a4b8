import { styleText } from "node:util";
import { ContextbaseError } from "../base/errors.ts";
import { harmlessLines } from "./harmless.ts";
import { Stopped, type Terminal } from "./terminal.ts";

/**
 * Says what went wrong, without a stack, but with one where CONTEXTBASE_DEBUG is set.
 * @returns the exit code
 */
export const reportError = (cause: unknown, { signal, say }: Pick<Terminal, "signal" | "say">): number => {
  if (signal.aborted && signal.reason instanceof Stopped) return signal.reason.exit;
  const known = cause instanceof ContextbaseError;
  const message = harmlessLines(cause instanceof Error ? cause.message : String(cause));
  say(
    `${styleText("red", "error:", { stream: process.stderr })} ${message} [${known ? cause.code : "internal"}]`,
  );
  if (process.env.CONTEXTBASE_DEBUG) console.error(cause);
  else if (!known)
    say("This is a defect. Set CONTEXTBASE_DEBUG=1 to see where it happened, and please report it.");
  return known ? cause.exit : 1;
};
