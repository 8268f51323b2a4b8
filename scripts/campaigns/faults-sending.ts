/** How the writers of `faults.ts` send: each way is what a careful caller would do. */
import { stopwatch } from "../../src/base/clock.ts";
import { ContextbaseError, type ContextbaseView } from "../../src/index.ts";
import type { Intent, Ledger } from "./faults-ledger.ts";
import type { Random } from "./random.ts";

export type Calls = { count: number; longest: number };

/** What a fault may be told as; anything else is a defect. */
const expected = new Set(["storage_unreachable", "storage_busy", "storage_timeout", "outcome_unknown"]);

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export const createSending = (
  { name, ledger }: { readonly name: string; readonly ledger: Ledger },
  view: ContextbaseView,
  violations: string[],
) => {
  const calls: Calls = { count: 0, longest: 0 };
  const errors = new Map<string, number>();

  /** Measures a call, and counts what it was refused with. */
  const call = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = stopwatch();
    try {
      return await work();
    } catch (cause) {
      const code = cause instanceof ContextbaseError ? cause.code : String(cause);
      errors.set(code, (errors.get(code) ?? 0) + 1);
      if (!expected.has(code) && code !== "version_conflict")
        violations.push(`${name}: ${what} was refused with ${code}: ${String(cause)}`);
      throw cause;
    } finally {
      const took = stopwatch() - began;
      calls.count++;
      calls.longest = Math.max(calls.longest, took);
    }
  };

  const isUnknown = (cause: unknown): cause is ContextbaseError =>
    cause instanceof ContextbaseError && cause.code === "outcome_unknown";

  /** Asks until it is told; what it is told must stay true. */
  const settle = async (write: string): Promise<number> => {
    for (;;) {
      try {
        return (await call("findWrite", () => view.findWrite(write)))?.changes.length ?? 0;
      } catch {
        await pause(50);
      }
    }
  };

  /** Sends a write once; where it is not told, asks for it by the write id that the error names. */
  const sendOnce = async (intent: Intent, random: Random, send: () => Promise<unknown>): Promise<boolean> => {
    ledger.begin(intent);
    try {
      await call("a write", send);
      ledger.tell(intent, "acknowledged");
      return true;
    } catch (cause) {
      if (!isUnknown(cause)) {
        ledger.tell(intent, "denied");
        return false;
      }
      ledger.tell(intent, "unknown");
      if (random.below(10) === 0) return false;
      const found = await settle(String(cause.details.write));
      ledger.tell(intent, found > 0 ? "acknowledged" : "denied");
      return found > 0;
    }
  };

  /** Sends a write under its id until it is acknowledged; now and then it asks in between, which bars the id. */
  const sendUntilDone = async (
    intent: Intent,
    random: Random,
    send: () => Promise<unknown>,
  ): Promise<boolean> => {
    ledger.begin(intent);
    for (;;) {
      try {
        await call("a write sent again", send);
        ledger.tell(intent, "acknowledged");
        return true;
      } catch {
        if (random.below(3) === 0) await settle(intent.write ?? "");
        await pause(50);
      }
    }
  };

  return { call, calls, errors, sendOnce, sendUntilDone };
};
