import type { ContextStore } from "../../src/index.ts";
import { createRandom } from "./random.ts";
import { contextOf, type Fact, idOf, stateOf } from "./search-states.ts";

/** What is known of each id, by its number. */
export type Ledger = {
  /** The version whose write returned last. */
  readonly acknowledged: Int32Array;
  /** The version whose write was begun last. */
  readonly begun: Int32Array;
};

/** Writers each with ids of their own, so that the next version of an id is known before it is written. */
export const createWriters = (
  store: ContextStore<typeof Fact>,
  { seed, writers, idsEach }: { readonly seed: number; readonly writers: number; readonly idsEach: number },
) => {
  const ids = writers * idsEach;
  const ledger: Ledger = { acknowledged: new Int32Array(ids), begun: new Int32Array(ids) };
  let writing = true;
  let writes = 0;

  const writeNext = async (id: number): Promise<void> => {
    const version = (ledger.acknowledged[id] ?? 0) + 1;
    ledger.begun[id] = version;
    if (stateOf(seed, id, version).deleted) await store.deleteContext(idOf(id), { version });
    else await store.storeContext({ ...contextOf(seed, id, version), version });
    ledger.acknowledged[id] = version;
    writes++;
  };

  const writer = async (number: number): Promise<void> => {
    const random = createRandom(seed + number);
    while (writing) await writeNext(number * idsEach + random.below(idsEach));
  };

  return {
    ledger,
    /** The first version of every id. */
    fill: async (): Promise<void> => {
      const all = Array.from({ length: ids }, (_, id) => contextOf(seed, id, 1));
      await store.storeContexts(all);
      ledger.acknowledged.fill(1);
      ledger.begun.fill(1);
    },
    /** @returns how many writes there were, once all have stopped */
    run: async (): Promise<number> => {
      await Promise.all(Array.from({ length: writers }, (_, number) => writer(number)));
      return writes;
    },
    stop: (): void => {
      writing = false;
    },
  };
};
