import { it, onTestFinished } from "vitest";
import type { Component, Contextbase, Engine, OpenOptions } from "../index.ts";

/** True, or the reason why not, which stands in the name of every test that is skipped for it. */
export type Capability = true | string;

export type Capabilities = {
  /** What a store held when it was closed is there when it is opened again. */
  readonly reopens: Capability;
  /** Several stores have the same data open at once, and each sees at its next read what the others wrote. */
  readonly severalStores: Capability;
  /** The engine is in this process, beside stores that are open, and can be asked for what a store does not show. */
  readonly port: Capability;
  /** It searches by vector. */
  readonly vectors: Capability;
};

/** What a suite opens stores with; the engine adds where the data is. */
export type TestedOptions = Omit<OpenOptions, "url" | "engine" | "key">;

/** New, empty data of an engine, until it is removed. */
export type DataUnderTest = {
  /** The first time a new store; after that the same data again, where the engine is capable of it. */
  open(options: TestedOptions): Promise<Contextbase>;
  /** The engine of the same data, with the right to see all tenants; where it is capable of `port`. */
  engine?(): Engine;
  /** Comes last, when every store is closed. */
  remove(): Promise<void>;
};

/** An engine under the contract. */
export type EngineUnderTest = {
  readonly name: string;
  readonly capabilities: Capabilities;
  create(): Promise<DataUnderTest>;
};

export type DataOfTest = Pick<DataUnderTest, "open"> & { openEngine(): Promise<Engine> };

/** New data for one test. What the test opens is closed and removed after it. */
export const createNew = async ({ name, create }: EngineUnderTest): Promise<DataOfTest> => {
  const data = await create();
  onTestFinished(() => data.remove());
  const open = async (options: TestedOptions): Promise<Contextbase> => {
    const base = await data.open(options);
    onTestFinished(() => base.close());
    return base;
  };
  const openEngine = async (): Promise<Engine> => {
    const engine = data.engine?.();
    if (!engine) throw new Error(`${name} is said to be capable of its port, and gives no engine.`);
    onTestFinished(() => engine.close());
    await engine.open([]);
    return engine;
  };
  return { open, openEngine };
};

/** A new store for one test. */
export const openNew = async (
  engine: EngineUnderTest,
  components: readonly Component[],
  options: Partial<TestedOptions> = {},
): Promise<Contextbase> => (await createNew(engine)).open({ ...options, components });

/** `it`; where the engine is not capable of what the test is about, a skip that says why in its name. */
export const itWith =
  (engine: EngineUnderTest, capability: keyof Capabilities) =>
  (name: string, test: () => Promise<void>): void => {
    const capable = engine.capabilities[capability];
    if (capable === true) it(name, test);
    else it.skip(`${name} (skipped: ${capable})`, test);
  };
