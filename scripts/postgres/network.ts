/** A network between a store and its server that can be cut, so that the kernel's own packets are lost. Needs root. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { run } from "./command.ts";
import { isRoot } from "./installation.ts";
import { findPort } from "./port.ts";

export type Network = {
  /** What the server must listen on, too. */
  readonly address: string;
  /** Begins to carry. @returns the same url, by way of the network */
  readonly lead: (serverPort: number) => Promise<(url: string) => string>;
  /** From now on every packet is lost, both ways. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

const relayFile = fileURLToPath(new URL("./relay.ts", import.meta.url));

/** @returns the reason where there can be none */
export const makeNetwork = async (): Promise<Network | string> => {
  if (!isRoot()) return "only root can make a network";
  const name = `cb${process.pid}`;
  const [outer, inner] = [`${name}a`, `${name}b`];
  const subnet = `10.77.${(process.pid >> 6) % 256}`;
  const base = (process.pid % 64) * 4;
  const [address, far] = [`${subnet}.${base + 1}`, `${subnet}.${base + 2}`];
  const ip = (...words: string[]): Promise<void> => run(["ip", ...words]);
  const within = (...words: string[]): Promise<void> => run(["ip", "netns", "exec", name, "ip", ...words]);
  const remove = async (): Promise<void> => {
    await ip("netns", "del", name);
  };
  try {
    await ip("netns", "add", name);
    await ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
    await ip("addr", "add", `${address}/30`, "dev", outer);
    await ip("link", "set", outer, "up");
    await within("addr", "add", `${far}/30`, "dev", inner);
    await within("link", "set", inner, "up");
  } catch (cause) {
    await remove().catch(() => undefined);
    return `no network can be made here (${String(cause)})`;
  }
  let stop = (): void => undefined;
  return {
    address,
    lead: async (serverPort) => {
      const port = await findPort();
      const words = [
        "netns",
        "exec",
        name,
        process.execPath,
        relayFile,
        String(port),
        address,
        String(serverPort),
      ];
      const relay = spawn("ip", words, { stdio: ["ignore", "pipe", "inherit"] });
      stop = () => void relay.kill("SIGKILL");
      await once(relay.stdout, "data");
      return (url) => {
        const moved = new URL(url);
        [moved.hostname, moved.port] = [far, String(port)];
        return moved.href;
      };
    },
    cut: () => within("link", "set", inner, "down"),
    mend: () => within("link", "set", inner, "up"),
    remove: async () => {
      stop();
      await remove();
    },
  };
};
