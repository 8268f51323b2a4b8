import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { stopwatch } from "../src/base/clock.ts";

export type Contender = {
  readonly name: string;
  /** How many operations its work does in a round. */
  readonly operations: number;
  /** What the work needs and is not timed. */
  readonly prepare?: (round: number) => Promise<void>;
  readonly work: (round: number) => Promise<unknown>;
};

/** Milliseconds of one operation, in each round, by contender. */
export type Times = ReadonlyMap<string, readonly number[]>;

export type Spread = { readonly median: number; readonly low: number; readonly high: number };

setFlagsFromString("--expose-gc");
const collectGarbage: (options: { type: "minor" }) => void = runInNewContext("gc");

/**
 * Lets contenders take turns, so that what disturbs the machine disturbs all of them, and moves the first
 * place on with each round. Garbage that one left is collected before the next is timed. The warm-up rounds
 * come first and do not count.
 */
export const interleave = async (
  contenders: readonly Contender[],
  rounds: number,
  warmUps: number,
): Promise<Times> => {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < warmUps + rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(round + turn) % contenders.length];
      if (!contender) continue;
      await contender.prepare?.(round);
      collectGarbage({ type: "minor" });
      const started = stopwatch();
      await contender.work(round);
      if (round >= warmUps) times.get(contender.name)?.push((stopwatch() - started) / contender.operations);
    }
  }
  return times;
};

/** The median, and the quartiles as its spread. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => {
    const place = (sorted.length - 1) * part;
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
};

/** How many times as fast `one` is as `other`, round by round. */
export const speedRatio = (times: Times, one: string, other: string): Spread => {
  const [mine = [], theirs = []] = [times.get(one), times.get(other)];
  return spreadOf(mine.map((time, round) => (theirs[round] ?? Number.NaN) / time));
};

export const perSecond = (times: Times, name: string): number =>
  1000 / spreadOf(times.get(name) ?? []).median;
