/** Lets only so much work go on at one moment; the rest waits in its order. */
export type Slots = <Result>(work: () => Promise<Result>) => Promise<Result>;

export const createSlots = (most: number): Slots => {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
};
