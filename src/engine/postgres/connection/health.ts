import type { ClientBase, Pool } from "pg";
import { stopwatch } from "../../../base/clock.ts";

/** What is known of a pool's connections, by all stores that share it. */
export type Health = {
  readonly isTrusted: (client: ClientBase) => boolean;
  /**
   * Where one connection broke without a word of the server, those made before it lead to the same place: each would
   * have to be found out by a timeout of its own.
   */
  readonly distrustAll: () => void;
};

/** Whoever waits for an answer of a connection that breaks is told by its own call. */
const ignore = (): void => undefined;

const watch = (pool: Pool): Health => {
  const madeAt = new WeakMap<ClientBase, number>();
  let distrustedAt = -1;
  // Without a listener a connection that breaks while it is idle would end the process, and so would one that breaks
  // just as it is given out, before whoever waited for it could listen.
  pool.on("error", ignore);
  pool.on("acquire", (client) => {
    if (madeAt.has(client)) return;
    madeAt.set(client, stopwatch());
    client.on("error", ignore);
  });
  return {
    isTrusted: (client) => (madeAt.get(client) ?? stopwatch()) > distrustedAt,
    distrustAll: () => {
      distrustedAt = stopwatch();
    },
  };
};

const watched = new WeakMap<Pool, Health>();

export const healthOf = (pool: Pool): Health => {
  const health = watched.get(pool) ?? watch(pool);
  watched.set(pool, health);
  return health;
};
