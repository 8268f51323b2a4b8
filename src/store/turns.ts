import { AsyncLocalStorage } from "node:async_hooks";
import { ContextbaseError } from "../base/errors.ts";
import type { ContextKey } from "../engine/engine.ts";

/** The name under which what writes a context takes turns. */
export const contextName = ({ component, tenant, id }: ContextKey): string =>
  `${component}\0${tenant}\0${id}`;

/**
 * Lets work under one name go one after another; other names do not wait for it.
 * @throws ContextbaseError invalid_argument where work waits for a turn of the very name that it holds
 */
export type Turns = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

export const createTurns = (): Turns => {
  const last = new Map<string, Promise<unknown>>();
  const held = new AsyncLocalStorage<readonly string[]>();
  return async (name, work) => {
    const names = held.getStore() ?? [];
    if (names.includes(name)) {
      const message =
        "An update cannot update the same context inside of its change: it would wait for itself.";
      throw new ContextbaseError("invalid_argument", message);
    }
    const holding = (): ReturnType<typeof work> => held.run([...names, name], work);
    const before = last.get(name);
    const turn = before === undefined ? holding() : before.then(holding, holding);
    last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (last.get(name) === turn) last.delete(name);
    }
  };
};
