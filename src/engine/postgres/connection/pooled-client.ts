import { Socket } from "node:net";
import { Client, type ClientConfig } from "pg";

/**
 * A client whose socket keeps the process no longer than the client is of use. Where connecting fails on this side,
 * as it does without a password, the pool forgets the client and not its socket. And a connection that is ended is
 * closed once the server closes it, too, which one that is cut off never does.
 */
export class PooledClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    const { connection } = this;
    connection.on("error", () => connection.stream.destroy());
    const end = connection.end.bind(connection);
    connection.end = () => {
      end();
      if (connection.stream instanceof Socket) connection.stream.unref();
    };
  }
}
