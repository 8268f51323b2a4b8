import { Duplex } from "node:stream";
import type { PGlite } from "@electric-sql/pglite";
import { type Client, escapeIdentifier, Pool } from "pg";
import { createPglite } from "./create-pglite.ts";
import { createBatches, isIdle, queryMessage, userOf, welcome } from "./wire-protocol.ts";

/** A PostgreSQL within this process, which keeps nothing once the process ends. */
export type EmbeddedPostgres = {
  /**
   * A pool of one connection. All connections share the one session of PGlite, a transaction at a time, as behind a
   * pooler: what a session keeps, prepared statements too, is not theirs.
   */
  readonly pool: (user: string) => Pool;
};

/** The session: whoever holds it is answered, as the user who it is; the others wait. */
const createSession = (database: PGlite) => {
  let free: Promise<void> = Promise.resolve();
  let current = "";
  const send = (message: Uint8Array): Promise<Uint8Array> => database.execProtocolRaw(message);

  /** @returns hands it on; what was left undone in it is undone first */
  const acquire = async (user: string): Promise<(idle: boolean) => void> => {
    const before = free;
    const { promise, resolve } = Promise.withResolvers<void>();
    free = promise;
    await before;
    if (user !== current) await send(queryMessage(`set session authorization ${escapeIdentifier(user)}`));
    current = user;
    return (idle) => {
      if (idle) resolve();
      else send(queryMessage("rollback")).finally(() => resolve());
    };
  };
  return { acquire, send };
};

/** The socket of a client: what would go to a server goes to PGlite, and comes back. */
const connect = ({ acquire, send }: ReturnType<typeof createSession>): Duplex => {
  const batches = createBatches();
  let user = "";
  let release: ((idle: boolean) => void) | undefined;
  const letGo = (idle: boolean): void => {
    release?.(idle);
    release = undefined;
  };

  const answer = async (request: Buffer): Promise<void> => {
    release ??= await acquire(user);
    if (socket.destroyed) return letGo(true);
    const answered = await send(request);
    if (isIdle(answered)) letGo(true);
    socket.push(answered);
  };
  const handle = async (chunk: Buffer): Promise<void> => {
    for (const { kind, bytes } of batches(chunk)) {
      if (kind === "request") await answer(bytes);
      else if (kind === "goodbye") socket.push(null);
      else {
        user = userOf(bytes);
        socket.push(welcome);
      }
    }
  };
  const socket = new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      handle(chunk).then(() => done(), done);
    },
    destroy: (cause, done) => {
      letGo(false);
      done(cause);
    },
  });
  return Object.assign(socket, {
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    ref: () => socket,
    unref: () => socket,
    connect: () => {
      queueMicrotask(() => socket.emit("connect"));
      return socket;
    },
  });
};

export const openPglite = async (): Promise<EmbeddedPostgres> => {
  const session = createSession(await createPglite());
  // `pg` takes any stream that has what a socket has; its types say one of its own.
  const stream = (() => connect(session)) as unknown as () => Client["connection"]["stream"];
  return { pool: (user) => new Pool({ user, database: "postgres", max: 1, idleTimeoutMillis: 0, stream }) };
};
