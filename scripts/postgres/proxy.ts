/** A way to a server that a test can break as networks break: it needs no rights, and no process of its own. */
import { once } from "node:events";
import { createServer, connect as dial, type Socket } from "node:net";
import { findPort } from "./port.ts";

export type Direction = "toServer" | "toClient";

/** What becomes of bytes: `hold` keeps them until they may pass, as a network does; `lose` forgets them. */
export type Passage = "pass" | "hold" | "lose";

/** Sees the bytes of a connection before they pass, and says what becomes of them. */
export type Watch = (direction: Direction, bytes: Buffer, connection: number) => Passage | "reset";

export type BreakableProxy = {
  readonly port: number;
  /** The same url, by way of the proxy. */
  readonly through: (url: string) => string;
  /** What becomes of all bytes of one direction from now on, those held among them. */
  readonly set: (direction: Direction, passage: Passage) => void;
  /** Undefined ends it. */
  readonly watch: (watch: Watch | undefined) => void;
  /** Ends every connection without a word. */
  readonly reset: () => void;
  /** Ends every connection, and refuses new ones until `accept`. */
  readonly refuse: () => Promise<void>;
  readonly accept: () => Promise<void>;
  /** Where new connections go. */
  readonly lead: (port: number) => void;
  readonly close: () => Promise<void>;
};

type Way = {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: Direction;
  readonly held: Buffer[];
  /** Once bytes were lost on a connection, no later ones can make sense of what is missing. */
  lost: boolean;
};

export const startProxy = async (serverPort: number): Promise<BreakableProxy> => {
  const port = await findPort();
  const passages: Record<Direction, Passage> = { toServer: "pass", toClient: "pass" };
  const ways = new Set<Way>();
  let target = serverPort;
  let watched: Watch | undefined;
  let connections = 0;

  const carry = (way: Way, bytes: Buffer, connection: number): void => {
    const said = watched?.(way.direction, bytes, connection) ?? "pass";
    if (said === "reset") {
      way.from.destroy();
      way.to.destroy();
      return;
    }
    const passage = said === "pass" ? passages[way.direction] : said;
    if (passage === "lose") way.lost = true;
    if (way.lost) return;
    if (passage === "hold") way.held.push(bytes);
    else if (way.to.writable) way.to.write(bytes);
  };

  const end = (way: Way): void => {
    ways.delete(way);
    way.to.destroy();
  };

  const open = (from: Socket, to: Socket, direction: Direction, connection: number): void => {
    const way: Way = { from, to, direction, held: [], lost: false };
    ways.add(way);
    from.setNoDelay(true);
    from.on("data", (bytes) => carry(way, bytes, connection));
    from.on("error", () => undefined);
    // In a network that is down, a close is not told either.
    from.on("end", () => {
      if (passages[direction] === "pass") to.end();
    });
    from.on("close", () => {
      if (passages[direction] === "pass") end(way);
    });
  };

  const admit = (client: Socket): void => {
    const connection = connections++;
    const upstream = dial({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    open(client, upstream, "toServer", connection);
    open(upstream, client, "toClient", connection);
  };
  // Who knocks while nothing gets through is not heard by the server.
  const knocking = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (passages.toServer === "pass") return admit(client);
    knocking.add(client);
    client.pause();
    client.on("error", () => undefined);
    client.on("close", () => knocking.delete(client));
  });
  const accept = async (): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const reset = (): void => {
    for (const client of knocking) client.destroy();
    for (const { from, to } of ways) {
      from.destroy();
      to.destroy();
    }
  };
  const refuse = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    reset();
    await closed;
  };

  await accept();
  return {
    port,
    through: (url) => {
      const moved = new URL(url);
      moved.port = String(port);
      return moved.href;
    },
    set: (direction, passage) => {
      passages[direction] = passage;
      if (passages.toServer === "pass") {
        for (const client of knocking) admit(client);
        knocking.clear();
      }
      for (const way of ways) {
        if (way.direction !== direction || passage !== "pass") continue;
        for (const bytes of way.held.splice(0)) if (!way.lost && way.to.writable) way.to.write(bytes);
        // What ended meanwhile is told now.
        if (way.from.destroyed) end(way);
      }
    },
    watch: (watch) => {
      watched = watch;
    },
    reset,
    refuse,
    accept,
    lead: (other) => {
      target = other;
    },
    close: async () => {
      if (server.listening) await refuse();
      else reset();
    },
  };
};
