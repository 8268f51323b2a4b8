import type { Sample } from "./samples.ts";

/**
 * One of the stores that are measured. The loops stand inside, so that a side whose calls are synchronous
 * pays for no promise.
 */
export type Side = {
  readonly name: string;
  /** One after another; where the side can, each durable before the next. */
  readonly putEach: (samples: readonly Sample[]) => Promise<void>;
  /** All at one moment. */
  readonly putTogether: (samples: readonly Sample[]) => Promise<void>;
  readonly load: (batches: readonly (readonly Sample[])[]) => Promise<void>;
  /** Reads one after another. @returns a sum over what was read, so that no read can be left out */
  readonly getEach: (ids: readonly string[]) => Promise<number>;
  readonly get: (id: string) => Promise<Sample | undefined>;
  readonly close: () => Promise<void>;
};

/** What every side adds up of what it read. */
export const weigh = ({ content, metadata, embeddings }: Sample): number =>
  content.text.length + metadata.session.length + (embeddings[7] ?? 0);
