import { LRUCache } from "lru-cache";
import { stopwatch } from "../../../base/clock.ts";

/** What was found out not long ago, by name. */
export type Recent<Value> = {
  readonly of: (name: string) => { readonly value: Value } | undefined;
  readonly note: (name: string, value: Value) => void;
};

const most = 20_000;

export const createRecent = <Value>(milliseconds: number): Recent<Value> => {
  const notes = new LRUCache<string, { readonly value: Value; readonly at: number }>({ max: most });
  return {
    of: (name) => {
      const note = notes.get(name);
      return note && stopwatch() - note.at < milliseconds ? note : undefined;
    },
    note: (name, value) => {
      notes.set(name, { value, at: stopwatch() });
    },
  };
};
