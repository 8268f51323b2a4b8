import { createRandom, type Random } from "./random.ts";

export type Checks = {
  /** What is checked, in the plural. */
  readonly what: string;
  readonly count: number;
  /** Left out: another one each time. */
  readonly seed: string | undefined;
  /** @returns what is wrong */
  readonly check: (random: Random) => string | undefined | Promise<string | undefined>;
  /** After how many it says how far it is. Left out: only at the end. */
  readonly every?: number;
};

/** Problems that are told; the others are counted. */
const mostTold = 10;

/** Makes random checks one after another, tells the seed and what is wrong, and sets the exit code. */
export const runChecks = async ({
  what,
  count,
  seed: given,
  check,
  every = count,
}: Checks): Promise<void> => {
  const seed = Number(given ?? Date.now() % 2 ** 31);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  say(`seed ${seed}`);
  const random = createRandom(seed);
  const begun = performance.now();
  let wrong = 0;
  for (let done = 1; done <= count; done++) {
    const problem = await check(random);
    if (problem !== undefined && ++wrong <= mostTold) say(`seed ${seed}, ${what} ${done}: ${problem}`);
    if (done % every === 0 || done === count)
      say(`${done} ${what} in ${((performance.now() - begun) / 1_000).toFixed(1)} s, ${wrong} wrong`);
  }
  process.exitCode = wrong === 0 ? 0 : 1;
};
