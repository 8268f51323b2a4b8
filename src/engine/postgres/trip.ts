import { createHash } from "node:crypto";
import type { ClientBase, Connection, Submittable } from "pg";

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
  /** Whether the trip went well even where this step, and those after it, did not. */
  readonly dispensable?: boolean;
};

/** The columns of a row as PostgreSQL's texts. */
export type Row = readonly (string | null)[];

export type TripOptions = {
  /** Whether statements may be kept on the connection. Not behind a pooler that gives each trip another one. */
  readonly prepared: boolean;
  /** After this the connection is given up; what the server made of the trip is then not known. */
  readonly milliseconds: number;
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

const send = (connection: Connection, steps: readonly Step[], prepared: boolean): void => {
  const names = preparedNames(connection);
  connection.stream.cork();
  for (const { statement, values } of steps) {
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

/**
 * Sends several statements and one Sync in one round trip (the extended query protocol's pipelining; one Sync, so
 * that without an explicit BEGIN they are one transaction), and gives the rows of each.
 * @throws what the server or the connection says; NoAnswerError. Then the connection is to be given up: a transaction
 * may be open on it, and which statements it keeps is not known.
 */
export const runTrip = (
  client: ClientBase,
  steps: readonly Step[],
  { prepared, milliseconds }: TripOptions,
): Promise<Row[][]> =>
  new Promise((resolve, reject) => {
    const results: Row[][] = [[]];
    let stream: Connection["stream"] | undefined;
    const fail = (cause: unknown): void => {
      if (steps[results.length - 1]?.dispensable) resolve(results);
      else reject(cause);
    };
    const timer = setTimeout(() => {
      stream?.destroy();
      fail(new NoAnswerError(`no answer within ${Math.round(milliseconds)} ms`));
    }, milliseconds);
    const trip: Handlers = {
      submit: (connection) => {
        stream = connection.stream;
        send(connection, steps, prepared);
      },
      handleDataRow: ({ fields }) => {
        results.at(-1)?.push(fields);
      },
      handleCommandComplete: () => {
        results.push([]);
      },
      handleReadyForQuery: () => {
        clearTimeout(timer);
        resolve(results);
      },
      handleError: (cause) => {
        clearTimeout(timer);
        fail(cause);
      },
    };
    client.query(trip);
  });
