/** A port of 127.0.0.1 that nothing listens on. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the range that the kernel takes for outgoing connections: in it, a client that tries again and again to
 * reach a stopped server would one day take the server's port, and connect to itself.
 */
const range = { first: 10_000, end: 32_000 } as const;

const isFree = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once("error", () => resolve(false));
  server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  return promise;
};

export const findPort = async (): Promise<number> => {
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(range.first, range.end);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${range.first} to ${range.end - 1} is free.`);
};
