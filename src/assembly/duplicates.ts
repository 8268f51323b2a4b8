import { type Fingerprint, fingerprintOf, resemblance } from "./fingerprint.ts";
import type { Candidate } from "./gather.ts";
import { threadOf } from "./thread-of.ts";

/** Finds which of those that were chosen says the same as a candidate. */
export type FindDuplicate = (candidate: Candidate, chosen: readonly Candidate[]) => Candidate | undefined;

type Looks = { readonly fingerprint: Fingerprint; readonly thread: string | undefined };

/**
 * @param share of word pairs that makes a duplicate; false: none is one
 */
export const createFindDuplicate = (share: number | false): FindDuplicate => {
  const known = new Map<Candidate, Looks>();
  const looksOf = (candidate: Candidate): Looks => {
    const looks = known.get(candidate) ?? {
      fingerprint: fingerprintOf(candidate.item.text),
      thread: threadOf(candidate),
    };
    known.set(candidate, looks);
    return looks;
  };
  /** Who says "yes" twice in a conversation says two things. */
  const sameThread = (a: Looks, b: Looks): boolean => a.thread !== undefined && a.thread === b.thread;

  return (candidate, chosen) => {
    if (share === false || chosen.length === 0) return undefined;
    const looks = looksOf(candidate);
    return chosen.find((other) => {
      const others = looksOf(other);
      return !sameThread(looks, others) && resemblance(looks.fingerprint, others.fingerprint, share) >= share;
    });
  };
};
