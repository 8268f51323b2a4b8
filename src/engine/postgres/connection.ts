import { type Client, type ClientBase, Pool, type PoolClient, type PoolConfig } from "pg";
import { stopwatch } from "../../base/clock.ts";
import type { CheckedOptions } from "./options.ts";
import { PooledClient } from "./pooled-client.ts";
import { NoAnswerError, NoConnectionError, type Row, runTrip, type Step } from "./trip.ts";

export type Trip = {
  /** When it is given up, by the stopwatch, if it is not over before. */
  readonly until?: number;
  /** Called once the trip is on its way, so that it may have happened whatever comes after. */
  readonly onSend?: () => void;
};

/** The connections of one store. */
export type Connections = {
  /** Server and database, for messages: no user, no password. */
  readonly place: string;
  /**
   * One round trip on a connection of the pool.
   * @throws what the server, the connection or the pool says
   */
  readonly trip: (steps: readonly Step[], trip?: Trip) => Promise<Row[][]>;
  /** A connection of its own, past the pool, that is not yet open; undefined where none may be made. */
  readonly direct: () => Client | undefined;
  readonly close: () => Promise<void>;
};

const configOf = (url: string | undefined, { tls, timeouts, connections }: CheckedOptions): PoolConfig => ({
  ...(url !== undefined && { connectionString: url }),
  ...(tls !== undefined && { ssl: tls }),
  Client: PooledClient,
  max: connections,
  connectionTimeoutMillis: timeouts.connectMilliseconds,
  keepAlive: true,
  application_name: "contextbase",
});

export const placeOf = ({ url, schema }: CheckedOptions): string => {
  if (url === undefined) return `the database of the pool given, schema ${schema}`;
  const { host, pathname } = new URL(url);
  return `${host || "the local server"}${pathname}, schema ${schema}`;
};

/** A socket that is given up says so to its client, whom nobody asks any more. */
const ignore = (): void => undefined;

/** A connection of the pool, where one is had until then. */
const connectBefore = async (pool: Pool, until: number): Promise<PoolClient> => {
  const connecting = pool.connect();
  if (until === Number.POSITIVE_INFINITY) return connecting;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => {
      reject(
        pool.waitingCount > 0
          ? new NoConnectionError("no connection in time")
          : new NoAnswerError("no connection in time"),
      );
      connecting.then((late) => late.release(), ignore);
    },
    Math.max(until - stopwatch(), 1),
  );
  try {
    return await Promise.race([connecting, promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** The answer to a statement that the server itself ended comes a little after that. */
const answerMarginMilliseconds = 500;

/** @throws what making the connection meets; and as `runTrip` */
export const createConnections = (options: CheckedOptions): Connections => {
  const pool = options.pool ?? new Pool(configOf(options.url, options));
  const { statementMilliseconds, lockMilliseconds } = options.timeouts;
  const longest = statementMilliseconds + lockMilliseconds + answerMarginMilliseconds;
  // Where one connection broke without a word of the server, those made before it lead to the same place: each
  // would have to be found out by a timeout of its own.
  let distrustedAt = -1;
  const madeAt = new WeakMap<ClientBase, number>();
  // Without a listener an idle connection that breaks would end the process; the pool takes it out by itself.
  pool.on("error", ignore);

  const connect = async (until: number): Promise<PoolClient> => {
    for (;;) {
      const client = await connectBefore(pool, until);
      const made = madeAt.get(client);
      if (made === undefined) madeAt.set(client, stopwatch());
      const trusted = made === undefined || made > distrustedAt;
      if (trusted && stopwatch() < until) return client;
      client.release(!trusted);
      // What is sent when the time is over already would only be cut off.
      if (trusted) throw new NoConnectionError("no connection in time");
    }
  };

  const trip: Connections["trip"] = async (steps, { until = Number.POSITIVE_INFINITY, onSend } = {}) => {
    const client = await connect(until);
    client.on("error", ignore);
    const milliseconds = Math.min(longest, Math.max(until - stopwatch(), 1));
    try {
      onSend?.();
      const results = await runTrip(client, steps, { prepared: options.prepared, milliseconds });
      client.off("error", ignore);
      client.release();
      return results;
    } catch (cause) {
      // The listener stays: a connection that breaks may say so more than once.
      client.release(true);
      const answered = cause instanceof Error && "severity" in cause;
      const impatient = cause instanceof NoAnswerError && milliseconds < longest;
      if (!answered && !impatient) distrustedAt = stopwatch();
      throw cause;
    }
  };

  return {
    place: placeOf(options),
    trip,
    direct: () => {
      const { listenUrl } = options;
      return listenUrl === undefined ? undefined : new PooledClient(configOf(listenUrl, options));
    },
    close: async () => {
      if (options.pool) pool.off("error", ignore);
      else await pool.end();
    },
  };
};
