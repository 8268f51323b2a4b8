import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { ErrorCode } from "../base/error-table.ts";
import { ContextbaseError } from "../base/errors.ts";

/** Milliseconds, of `count` measurements; zeros where there is none. Percentiles are within 1 %. */
export type Timing = {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
};

export type MonitorSnapshot = {
  readonly storage: Timing;
  readonly retrieval: Timing;
  readonly errors: { readonly [Code in ErrorCode]?: number };
  readonly conflicts: number;
  readonly cacheHits: number;
  /** Versions that retention removed, and contexts that expired, of which deletions were made: by this process. */
  readonly removedVersions: number;
  readonly expiredContexts: number;
};

/** Counts what a component's store does. Its memory is bounded: a histogram for each kind of time. */
export type Monitor = {
  /** The name of the component. */
  readonly component: string;
  /** @param milliseconds how long a write took, with a fraction */
  logStorageTime(milliseconds: number): void;
  /** @param milliseconds how long a read took, with a fraction */
  logRetrievalTime(milliseconds: number): void;
  logError(code: ErrorCode): void;
  logCacheHit(): void;
  logRemovedVersions(count: number): void;
  logExpiredContexts(count: number): void;
  snapshot(): MonitorSnapshot;
};

const nanoseconds = 1e6;
const longestNanoseconds = 3_600_000 * nanoseconds;

/** HDR histograms in nanoseconds, made at the first measurement: 40 KB each. */
const createTimer = (): { record: (milliseconds: number) => void; timing: () => Timing } => {
  let histogram: RecordableHistogram | undefined;
  const record = (milliseconds: number): void => {
    if (!(milliseconds >= 0)) {
      const message = `A time of ${milliseconds} ms cannot be counted. Give milliseconds, from 0.`;
      throw new ContextbaseError("invalid_argument", message);
    }
    histogram ??= createHistogram({ lowest: 1, highest: longestNanoseconds, figures: 2 });
    const value = Math.round(milliseconds * nanoseconds);
    histogram.record(Math.min(Math.max(value, 1), longestNanoseconds));
  };
  const timing = (): Timing => {
    if (!histogram) return { count: 0, mean: 0, p50: 0, p95: 0, p99: 0, max: 0 };
    const at = (percentile: number): number => (histogram?.percentile(percentile) ?? 0) / nanoseconds;
    return {
      count: histogram.count,
      mean: histogram.mean / nanoseconds,
      p50: at(50),
      p95: at(95),
      p99: at(99),
      max: histogram.max / nanoseconds,
    };
  };
  return { record, timing };
};

/** @param parent counts everything that this one counts, too: a component's own beside those of its views */
export const createMonitor = (component: string, parent?: Monitor): Monitor => {
  const storage = createTimer();
  const retrieval = createTimer();
  const errors = new Map<ErrorCode, number>();
  let cacheHits = 0;
  let removedVersions = 0;
  let expiredContexts = 0;
  return {
    component,
    logStorageTime(milliseconds) {
      storage.record(milliseconds);
      parent?.logStorageTime(milliseconds);
    },
    logRetrievalTime(milliseconds) {
      retrieval.record(milliseconds);
      parent?.logRetrievalTime(milliseconds);
    },
    logError(code) {
      errors.set(code, (errors.get(code) ?? 0) + 1);
      parent?.logError(code);
    },
    logCacheHit() {
      cacheHits++;
      parent?.logCacheHit();
    },
    logRemovedVersions(count) {
      removedVersions += count;
      parent?.logRemovedVersions(count);
    },
    logExpiredContexts(count) {
      expiredContexts += count;
      parent?.logExpiredContexts(count);
    },
    snapshot: () => ({
      storage: storage.timing(),
      retrieval: retrieval.timing(),
      errors: Object.fromEntries(errors),
      conflicts: errors.get("version_conflict") ?? 0,
      cacheHits,
      removedVersions,
      expiredContexts,
    }),
  };
};
