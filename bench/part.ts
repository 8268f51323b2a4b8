import type { Measure } from "./measure.ts";
import type { Scale } from "./scale.ts";

/** What was measured of one engine, and what the figures depend on. */
export type Measured = {
  /** As names and values to print. */
  readonly circumstances: readonly (readonly [name: string, value: string])[];
  readonly measures: readonly Measure[];
};

/** The benchmarks of one engine. */
export type Part = {
  readonly title: string;
  /** The file of its chart, beside the page. */
  readonly chart: string;
  /** How the figures come about, for the page. */
  readonly method: (scale: Scale) => string;
  /** @returns undefined where what it needs is not there */
  readonly run: (scale: Scale) => Promise<Measured | undefined>;
};
