import { checkOptions, checkSignal } from "../base/arguments.ts";
import type { CallOptions } from "../model/call-options.ts";

/** @throws ContextbaseError invalid_argument where an option is not known; the signal's reason where it has fired */
export const checkCall = (what: string, options: CallOptions | undefined, known: readonly string[]): void => {
  if (options === undefined) return;
  checkOptions(what, options, ["signal", ...known]);
  checkSignal(options.signal);
};
