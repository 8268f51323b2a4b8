import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A way to a server on which what is under way can be held back, and arrive late. */
export type LateProxy = {
  readonly port: number;
  /** Holds back what goes to the server, or its answers, from now on; on connections that are made later too. */
  readonly hold: (what: "requests" | "answers") => void;
  /** Lets new connections through; on the others it goes on holding back. */
  readonly letNewThrough: () => void;
  /** Delivers what was held back, and holds back no more. */
  readonly deliver: () => void;
};

export const startLateProxy = async (serverPort: number): Promise<LateProxy> => {
  type Way = { readonly what: "requests" | "answers"; held: boolean };
  const ways: Way[] = [];
  const late: (() => void)[] = [];
  const sockets: Socket[] = [];
  let holding: Way["what"] | undefined;

  const join = (way: Way, from: Socket, to: Socket): void => {
    const pass = (work: () => void): void => void (way.held ? late.push(work) : work());
    from.on("data", (bytes) => pass(() => to.write(bytes)));
    from.on("end", () => pass(() => to.end()));
    from.on("error", () => undefined);
    sockets.push(from);
    ways.push(way);
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port: serverPort, allowHalfOpen: true });
    join({ what: "requests", held: holding === "requests" }, client, upstream);
    join({ what: "answers", held: holding === "answers" }, upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  const hold = (what: Way["what"] | undefined): void => {
    holding = what;
    for (const way of ways) way.held = way.what === what;
  };
  return {
    port: address.port,
    hold,
    letNewThrough: () => {
      holding = undefined;
    },
    deliver: () => {
      hold(undefined);
      for (const work of late.splice(0)) work();
    },
  };
};
