import fc from "fast-check";
import { describe, it } from "vitest";
import type { EngineUnderTest } from "./engine-under-test.ts";
import { compare } from "./model/compare.ts";
import { operation } from "./model/operations.ts";

export type ModelOptions = {
  /** How many series of 20 to 120 operations. */
  readonly runs: number;
  /** Makes the same series again; a failure prints it. Left out: another one each time. */
  readonly seed?: number | undefined;
};

/** Registers a test that does random operations on stores of an engine and on a plain model, and compares. */
export const modelSuite = (engine: EngineUnderTest, { runs, seed }: ModelOptions): void => {
  describe(`random operations on ${engine.name}`, { timeout: 900_000 }, () => {
    it("[V1, V2, V3, V4, V5, V6, V7, S4, S5, S6, Q2, C1, C2] give what a plain model gives", async () => {
      const series = fc.array(operation, { minLength: 20, maxLength: 120, size: "max" });
      const property = fc.asyncProperty(series, (operations) => compare(engine, operations));
      await fc.assert(property, seed === undefined ? { numRuns: runs } : { numRuns: runs, seed });
    });
  });
};
