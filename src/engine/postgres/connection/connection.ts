import { type Client, Pool, type PoolClient, type PoolConfig } from "pg";
import { stopwatch } from "../../../base/clock.ts";
import { waitAtMost } from "../../../base/wait-at-most.ts";
import type { CheckedOptions } from "../options/options.ts";
import { healthOf } from "./health.ts";
import { PooledClient } from "./pooled-client.ts";
import { NoAnswerError, NoConnectionError, type Row, runTrip, type Step } from "./trip.ts";

export type Trip = {
  /** When it is given up, by the stopwatch, if it is not over before. */
  readonly until?: number;
  /** How long its answer is waited for, in milliseconds. */
  readonly patience?: number;
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

/** How a connection is made. A server that is gone without a word is found out by its silence (`keepAlive`). */
export const configOf = (
  url: string | undefined,
  { tls, timeouts, connections }: CheckedOptions,
): PoolConfig => ({
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

/** A connection of the pool, where one is had until then. */
const connectBefore = async (pool: Pool, until: number): Promise<PoolClient> => {
  const connecting = pool.connect();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => {
      reject(
        pool.waitingCount > 0
          ? new NoConnectionError("no connection in time")
          : new NoAnswerError("no connection in time"),
      );
      connecting.then(
        (late) => late.release(),
        () => undefined,
      );
    },
    Math.max(until - stopwatch(), 1),
  );
  try {
    return await Promise.race([connecting, promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** How long a server may take to say goodbye. */
const goodbyeMilliseconds = 1_000;

/** @throws what making the connection meets; and as `runTrip` */
export const createConnections = (options: CheckedOptions): Connections => {
  const pool = options.pool ?? new Pool(configOf(options.url, options));
  const { prepared, timeouts } = options;
  const health = healthOf(pool);

  const connect = async (until: number): Promise<PoolClient> => {
    for (;;) {
      const client = await connectBefore(pool, until);
      const trusted = health.isTrusted(client);
      if (trusted && stopwatch() < until) return client;
      client.release(!trusted);
      // What is sent when the time is over already would only be cut off.
      if (trusted) throw new NoConnectionError("no connection in time");
    }
  };

  const trip: Connections["trip"] = async (steps, options = {}) => {
    const { patience = timeouts.statementMilliseconds, onSend } = options;
    const { until = stopwatch() + timeouts.connectMilliseconds + patience } = options;
    const client = await connect(until);
    const milliseconds = Math.min(patience, Math.max(until - stopwatch(), 1));
    try {
      onSend?.();
      const { results, over } = await runTrip(client, steps, { prepared, milliseconds, until });
      over.then(
        () => client.release(),
        () => client.release(true),
      );
      return results;
    } catch (cause) {
      client.release(true);
      const answered = cause instanceof Error && "severity" in cause;
      const impatient = cause instanceof NoAnswerError && milliseconds < patience;
      if (!answered && !impatient) health.distrustAll();
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
      // The sockets of ended connections keep no process alive until they are closed; this does.
      if (!options.pool) await waitAtMost(goodbyeMilliseconds, pool.end());
    },
  };
};
