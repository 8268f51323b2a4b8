import type { Sample } from "../samples.ts";

/**
 * One of the stores on a server. All of their calls wait for the network, so that loops around them cost each
 * side the same.
 */
export type ServerSide = {
  readonly name: string;
  /** Returns once the sample is durable. */
  readonly put: (sample: Sample) => Promise<unknown>;
  /** A sample as it was stored, beside whatever else the side gives with it. */
  readonly get: (id: string) => Promise<Sample | undefined>;
  readonly close: () => Promise<void>;
};

/**
 * So many callers, each of which awaits its call and then makes its next: a closed loop, as users are. None waits
 * for the others.
 */
export const inLoops = async <Item>(
  callers: number,
  items: readonly Item[],
  call: (item: Item) => Promise<unknown>,
): Promise<void> => {
  const waiting = items.values();
  const loop = async (): Promise<void> => {
    for (const item of waiting) await call(item);
  };
  await Promise.all(Array.from({ length: callers }, loop));
};
