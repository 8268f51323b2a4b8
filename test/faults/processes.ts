import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export type Failure = { readonly code: string; readonly message: string };
export type Answer = { readonly result?: unknown; readonly error?: Failure };

/** A process with a store open; see `store-process.ts`. */
export type StoreProcess = {
  readonly pid: number;
  /** Undefined where the store opened. */
  readonly refused: Failure | undefined;
  readonly call: (call: string, argument?: Record<string, unknown>) => Promise<Answer>;
  /** kill -9; harmless where it has ended. */
  readonly kill: () => Promise<void>;
};

const file = fileURLToPath(new URL("./store-process.ts", import.meta.url));

export const startStore = async (
  path: string,
  key?: string,
  { command = [] }: { command?: readonly string[] } = {},
): Promise<StoreProcess> => {
  const [program = "", ...rest] = [...command, process.execPath, file, path, ...(key ? [key] : [])];
  const child = spawn(program, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const { stdin, stdout } = child;
  const waiting = new Map<number, (answer: Answer) => void>();
  let orders = 0;
  const ready = Promise.withResolvers<Failure | undefined>();
  const gone = { code: "process_gone", message: "the process ended" };
  let running = true;
  const exited = once(child, "exit").then(() => {
    running = false;
    ready.resolve(gone);
    for (const answer of waiting.values()) answer({ error: gone });
    waiting.clear();
  });
  stdin.on("error", () => undefined);
  createInterface({ input: stdout }).on("line", (line) => {
    const said: { ready?: boolean; order?: number } & Answer = JSON.parse(line);
    if (said.ready !== undefined) return ready.resolve(said.error);
    waiting.get(said.order ?? 0)?.(said);
    waiting.delete(said.order ?? 0);
  });
  return {
    pid: child.pid ?? 0,
    refused: await ready.promise,
    call: (call, argument = {}) =>
      new Promise((resolve) => {
        if (!running) return resolve({ error: gone });
        const order = ++orders;
        waiting.set(order, resolve);
        stdin.write(`${JSON.stringify({ ...argument, order, call })}\n`);
      }),
    kill: async () => {
      stdin.destroy();
      child.kill("SIGKILL");
      await exited;
    },
  };
};

/** Why `strace` cannot be used here; undefined where it can. */
export const straceProblem = ((): string | undefined => {
  const tried = spawnSync("strace", ["-o", "/dev/null", "-e", "trace=fsync", "true"]);
  return tried.status === 0 ? undefined : `strace cannot trace here (${tried.error ?? tried.stderr})`;
})();

/** The words before a command that kill it as it makes its nth system call of a kind, such as `pwrite64`. */
export const killAt = (call: string, nth: number): readonly string[] => [
  ...["strace", "-f", "-o", "/dev/null", "-e", `trace=${call}`],
  ...["-e", `inject=${call}:signal=KILL:when=${nth}`],
];

/**
 * Lets system calls of a running process fail until the disk is healed.
 * @param inject as strace takes it, such as `fsync,fdatasync:error=EIO`
 * @param paths only calls on these files; none given: on all
 */
export const breakDisk = async (
  pid: number,
  inject: string,
  paths: readonly string[] = [],
): Promise<{ heal: () => Promise<void> }> => {
  const calls = inject.slice(0, inject.indexOf(":"));
  const only = paths.flatMap((path) => ["-P", path]);
  const options = ["-f", "-p", String(pid), ...only, "-e", `trace=${calls}`, "-e", `inject=${inject}`];
  const child: ChildProcess = spawn("strace", ["-o", "/dev/null", ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(child, "exit");
  // It says "Process N attached" once every thread is under its hand.
  if (child.stderr) await Promise.race([once(child.stderr, "data"), exited]);
  await sleep(100);
  const heal = async (): Promise<void> => {
    child.kill("SIGINT");
    await exited;
  };
  return { heal };
};
