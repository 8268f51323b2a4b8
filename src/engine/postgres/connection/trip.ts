import { createHash } from "node:crypto";
import type { ClientBase, Connection, Submittable } from "pg";
import { stopwatch } from "../../../base/clock.ts";

/**
 * A statement that is prepared once on each connection. Its name is made of its text, so that equal ones share it;
 * one without a name is not kept.
 */
export type Statement = { readonly name: string; readonly text: string };

export const statement = (text: string): Statement => ({
  name: `contextbase_${createHash("sha256").update(text).digest("hex").slice(0, 24)}`,
  text,
});

export type Value = string | Buffer | null;
export type Step = {
  readonly statement: Statement;
  readonly values: readonly Value[];
  /** Whether the answer does not wait for this step and those after it, and does not fail with them. */
  readonly dispensable?: boolean;
};

/** The columns of a row as PostgreSQL's texts. */
export type Row = readonly (string | null)[];

export type TripOptions = {
  /** Whether statements may be kept on the connection. Not behind a pooler that gives each trip another one. */
  readonly prepared: boolean;
  /** After a silence of this long the connection is given up; what the server made of the trip is then not known. */
  readonly milliseconds: number;
  /** When it is given up whatever comes, by the stopwatch. */
  readonly until: number;
};

/** The server did not answer in time. */
export class NoAnswerError extends Error {}

/** All connections of the pool were in use for all that time. */
export class NoConnectionError extends Error {}

const preparedOn = new WeakMap<Connection, Set<string>>();

const preparedNames = (connection: Connection): Set<string> => {
  const names = preparedOn.get(connection) ?? new Set();
  preparedOn.set(connection, names);
  return names;
};

/** The first of the steps that can be done without; their number where there is none. */
const neededSteps = (steps: readonly Step[]): number => {
  const first = steps.findIndex(({ dispensable }) => dispensable);
  return first === -1 ? steps.length : first;
};

const send = (connection: Connection, steps: readonly Step[], prepared: boolean): void => {
  const names = preparedNames(connection);
  const needed = neededSteps(steps);
  connection.stream.cork();
  for (const [index, { statement, values }] of steps.entries()) {
    // The server keeps its answers to itself until it is asked for them, or comes to the Sync.
    if (index === needed) connection.flush();
    const name = prepared ? statement.name : "";
    if (name === "" || !names.has(name)) {
      connection.parse({ name, text: statement.text, types: [] }, true);
      if (name !== "") names.add(name);
    }
    connection.bind({ statement: name, values: [...values] }, true);
    connection.execute(null, true);
  }
  connection.sync();
  connection.stream.uncork();
};

/** What `pg` calls on the query that is under way; a part of it that its types leave out. */
type Handlers = Submittable & {
  readonly handleDataRow: (message: { readonly fields: (string | null)[] }) => void;
  readonly handleCommandComplete: () => void;
  readonly handleReadyForQuery: () => void;
  readonly handleError: (cause: unknown) => void;
};

export type Arrived = {
  /** The rows of each step; of those that can be done without, maybe not yet. */
  readonly results: Row[][];
  /** Resolves once the connection is free again; rejects where it is to be given up. */
  readonly over: Promise<void>;
};

/**
 * Sends several statements and one Sync in one round trip (the extended query protocol's pipelining; one Sync, so
 * that without an explicit BEGIN they are one transaction), and gives the rows of each.
 * @throws what the server or the connection says; NoAnswerError. Then the connection is to be given up: a transaction
 * may be open on it, and which statements it keeps is not known.
 */
export const runTrip = (
  client: ClientBase,
  steps: readonly Step[],
  { prepared, milliseconds, until }: TripOptions,
): Promise<Arrived> => {
  const arrived = Promise.withResolvers<Arrived>();
  const over = Promise.withResolvers<void>();
  // Who never came to know of it does not have to handle it.
  over.promise.catch(() => undefined);
  const results: Row[][] = [[]];
  const needed = neededSteps(steps);
  let stream: Connection["stream"] | undefined;

  const arrive = (): void => arrived.resolve({ results, over: over.promise });
  const fail = (cause: unknown): void => {
    arrived.reject(cause);
    over.reject(cause);
  };
  const timer = setTimeout(() => {
    end();
    stream?.destroy();
    fail(new NoAnswerError(`no answer within ${Math.round(milliseconds)} ms`));
  }, milliseconds);
  const onData = (): void => {
    if (stopwatch() + milliseconds <= until) timer.refresh();
  };
  const end = (): void => {
    clearTimeout(timer);
    stream?.off("data", onData);
  };
  const trip: Handlers = {
    submit: (connection) => {
      stream = connection.stream;
      stream.on("data", onData);
      send(connection, steps, prepared);
    },
    handleDataRow: ({ fields }) => {
      results.at(-1)?.push(fields);
    },
    handleCommandComplete: () => {
      results.push([]);
      // Without a COMMIT among the steps it is the Sync that commits, whose answer is that the server is ready.
      if (needed < steps.length && results.length > needed) arrive();
    },
    handleReadyForQuery: () => {
      end();
      arrive();
      over.resolve();
    },
    handleError: (cause) => {
      end();
      fail(cause);
    },
  };
  client.query(trip);
  return arrived.promise;
};
