/** Programs that the scripts here run, and the lines that they tell on stderr meanwhile. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** A connection that is refused on every address of a name has no message of its own. */
export const messageOf = (cause: unknown): string => {
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
};

/** Nothing of the caller's environment goes along: a stray PGHOST or locale would change what a server does. */
export const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
  DEBIAN_FRONTEND: "noninteractive",
};

const proxies = ["http_proxy", "https_proxy", "no_proxy"];

const environmentWithProxies = (): NodeJS.ProcessEnv => ({
  ...environment,
  ...Object.fromEntries(proxies.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
});

/** Runs a program to its end. Where it fails, its last lines are the error's message. */
export const run = async (words: readonly string[], onLine?: (line: string) => void): Promise<void> => {
  const [program = "", ...rest] = words;
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: environmentWithProxies(),
    cwd: "/",
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject).once("close", resolve);
  const code = await promise;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${lines.slice(-5).join(" | ")}`);
};
