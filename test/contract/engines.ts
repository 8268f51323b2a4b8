import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Component, type Contextbase, type OpenOptions, openContextbase } from "contextbase";
import { onTestFinished } from "vitest";

export const key = new Uint8Array(32).fill(7);

/** An engine under the contract: the options that open a new, empty store of it. */
export type EngineUnderTest = {
  readonly name: string;
  readonly options: () => Omit<OpenOptions, "components">;
};

/** A folder that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "contextbase-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const newFile = (): string => `file:${join(temporaryFolder(), "store.db")}`;

export const engines: readonly EngineUnderTest[] = [
  { name: "sqlite", options: () => ({ url: newFile() }) },
  { name: "sqlite encrypted", options: () => ({ url: newFile(), key }) },
  { name: "sqlite in memory", options: () => ({ url: ":memory:" }) },
];

/** A clock that stands still until it is told otherwise. */
export type ManualClock = {
  (): number;
  set(milliseconds: number): void;
  advance(milliseconds: number): void;
};

export const manualClock = (start = Date.UTC(2026, 0, 1)): ManualClock => {
  let now = start;
  const clock = () => now;
  return Object.assign(clock, {
    set: (milliseconds: number) => {
      now = milliseconds;
    },
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  });
};

/** A new store, closed after the test. */
export const openNew = async (
  engine: EngineUnderTest,
  components: readonly Component[],
  options: Partial<OpenOptions> = {},
): Promise<Contextbase> => {
  const base = await openContextbase({ ...engine.options(), ...options, components });
  onTestFinished(() => base.close());
  return base;
};
