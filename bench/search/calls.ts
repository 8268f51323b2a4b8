import { stopwatch } from "../../src/base/clock.ts";
import { interleave, type Spread, spreadOf } from "../rounds.ts";

export type Caller = {
  readonly name: string;
  /** How many calls it makes in a round. */
  readonly calls: number;
  /** @param number which of its calls this is, over all rounds */
  readonly call: (number: number) => Promise<unknown>;
};

/** Milliseconds of every single call, in each round, by caller. */
export type CallTimes = ReadonlyMap<string, readonly (readonly number[])[]>;

/** Lets callers take turns, each a round of calls one after another. Warm-up rounds come first and do not count. */
export const timeCalls = async (
  callers: readonly Caller[],
  rounds: number,
  warmUps: number,
): Promise<CallTimes> => {
  const times = new Map(callers.map(({ name }) => [name, [] as number[][]]));
  const contenders = callers.map(({ name, calls, call }) => ({
    name,
    operations: calls,
    work: async (round: number) => {
      const taken: number[] = [];
      for (let at = 0; at < calls; at++) {
        const started = stopwatch();
        await call(round * calls + at);
        taken.push(stopwatch() - started);
      }
      if (round >= warmUps) times.get(name)?.push(taken);
    },
  }));
  await interleave(contenders, rounds, warmUps);
  return times;
};

/** The value that this part of all is not above. @param part from 0 to 1 */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
};

/** Milliseconds, over the calls of all rounds. */
export const percentileOf = (times: CallTimes, name: string, part: number): number =>
  percentile((times.get(name) ?? []).flat(), part);

/** How many times as long the middle call of one takes as that of the other, round by round. */
export const medianRatio = (times: CallTimes, one: string, other: string): Spread => {
  const [mine, theirs] = [one, other].map((name) =>
    (times.get(name) ?? []).map((round) => percentile(round, 0.5)),
  );
  return spreadOf((mine ?? []).map((time, round) => time / (theirs?.[round] ?? Number.NaN)));
};
