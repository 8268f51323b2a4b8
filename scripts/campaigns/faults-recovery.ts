/** How long after a fault all goes on. */
import { setTimeout as sleep } from "node:timers/promises";
import { stopwatch } from "../../src/base/clock.ts";
import type { Load } from "./faults-load.ts";

/** Milliseconds until each store had a write acknowledged and a read answered, and until every lane of each had. */
export type Recovery = { readonly kind: string; readonly stores: number; readonly lanes: number };

/** So soon all stores go on after 99 of 100 faults. */
export const promisedMilliseconds = 5_000;

/** A lane that has not gone on by then never will. */
const givenUpMilliseconds = 30_000;

/** When the first of these times after another was; infinite while there is none. */
const firstAfter = (end: number, times: readonly number[]): number =>
  Math.min(...times.filter((time) => time > end), Number.POSITIVE_INFINITY);

/** @returns and the names of those that did not go on */
export const waitForRecovery = async (
  loads: readonly Load[],
  end: number,
): Promise<Omit<Recovery, "kind"> & { readonly behind: readonly string[] }> => {
  const all = loads.flatMap(({ lanes }) => lanes);
  for (let stores = Number.POSITIVE_INFINITY; ; await sleep(5)) {
    const firsts = loads.flatMap(({ lanes }) => {
      const wrote = lanes.map(({ wroteAt }) => wroteAt);
      const read = lanes.map(({ readAt }) => readAt);
      return [firstAfter(end, wrote), firstAfter(end, read)];
    });
    stores = Math.min(stores, Math.max(...firsts) - end);
    const waited = stopwatch() - end;
    const behind = all.filter(({ wroteAt, readAt }) => Math.max(wroteAt, readAt) <= end);
    const recovered = behind.length === 0 && stores < Number.POSITIVE_INFINITY;
    if (recovered || waited > givenUpMilliseconds) {
      const names = recovered ? [] : behind.map(({ name }) => name);
      return { stores: Math.min(stores, waited), lanes: waited, behind: names };
    }
  }
};

const percentile = (sorted: readonly number[], part: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);

/** After 99 of 100 faults all stores went on by then. */
export const recoveryOfStores = (recoveries: readonly Recovery[]): number =>
  percentile(
    recoveries.map(({ stores }) => stores).toSorted((a, b) => a - b),
    0.99,
  );

const figuresOf = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return [0.5, 0.99, 1].map((part) => percentile(sorted, part)).join(" / ");
};

const lineOf = (name: string, of: readonly Recovery[]): string => {
  const [stores, lanes] = [of.map((one) => one.stores), of.map((one) => one.lanes)].map(figuresOf);
  return `${name.padEnd(34)} ${String(of.length).padStart(4)}   ${stores?.padEnd(20)} ${lanes}\n`;
};

export const tableOf = (recoveries: readonly Recovery[]): string => {
  const kinds = [...new Set(recoveries.map(({ kind }) => kind))].toSorted();
  const lines = kinds.map((kind) =>
    lineOf(
      kind,
      recoveries.filter((one) => one.kind === kind),
    ),
  );
  const title = "Recovery in ms after a fault's end, p50 / p99 / max: of every store, of every lane\n";
  return [title, ...lines, lineOf("all", recoveries)].join("");
};
