import type { Contextbase, ContextbaseView, ContextStore } from "../../index.ts";
import type { DataUnderTest, EngineUnderTest } from "../engine-under-test.ts";
import { type ManualClock, manualClock } from "../manual-clock.ts";
import { createModel, type Model } from "./model.ts";
import { components, One, type Who } from "./operations.ts";

/** The model, and the real stores beside it: two on the same data, where the engine is capable of it. */
export type Sides = {
  readonly clock: ManualClock;
  readonly model: Model;
  readonly nameOf: (who: Who) => string;
  readonly actorOf: (who: Who) => { readonly tenant: string; readonly actor: string };
  readonly viewOf: (who: Who) => ContextbaseView;
  readonly storeOf: (who: Who) => ContextStore<(typeof components)[number]>;
  /** The write id that is given, or the one that the store will make. */
  readonly writeId: (given: number | undefined) => {
    readonly options: { write?: string };
    readonly id: string;
  };
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const openSides = async ({ capabilities }: EngineUnderTest, data: DataUnderTest): Promise<Sides> => {
  const clock = manualClock();
  let made = 0;
  const newId = (): string => `made-${++made}`;
  const openAll = async (): Promise<readonly [Contextbase, Contextbase]> => {
    const first = await data.open({ components, clock, newId });
    const second =
      capabilities.severalStores === true ? await data.open({ components, clock, newId }) : first;
    return [first, second];
  };
  let bases = await openAll();
  const close = async (): Promise<void> => {
    await Promise.all(bases.map((base) => base.close()));
  };
  const componentOf = (who: Who) => components[who.component] ?? One;
  const viewOf = ({ store, tenant }: Who): ContextbaseView =>
    bases[store].as({ id: `actor of ${tenant}`, tenant });
  return {
    clock,
    model: createModel(),
    nameOf: (who) => componentOf(who).name,
    actorOf: ({ tenant }) => ({ tenant, actor: `actor of ${tenant}` }),
    viewOf,
    storeOf: (who) => viewOf(who).store(componentOf(who)),
    writeId: (given) =>
      given === undefined
        ? { options: {}, id: `made-${made + 1}` }
        : { options: { write: `write-${given}` }, id: `write-${given}` },
    reopen: async () => {
      if (capabilities.reopens !== true) return;
      await close();
      bases = await openAll();
    },
    close,
  };
};
