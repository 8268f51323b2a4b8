import { once } from "node:events";

/** Why a command ends early, with the exit code that tells it. */
export class Stopped extends Error {
  readonly exit: number;
  constructor(why: string, exit: number) {
    super(why);
    this.exit = exit;
  }
}

/** What a command talks to: data goes to stdout, all else to stderr. */
export type Terminal = {
  /** A line of data. Waits where the reader is slower than the writer. */
  readonly print: (line: string) => Promise<void>;
  readonly say: (line: string) => void;
  /** Fires where somebody stops the command, or where nobody reads its data any more; its reason is a `Stopped`. */
  readonly signal: AbortSignal;
};

const stopSignals = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

/** A shell and npm both pass on one Ctrl-C; only one that comes later than this is meant as a second one. */
const secondSignalMilliseconds = 1_000;

/** Made once in a process: it listens to signals. */
export const createTerminal = (): Terminal => {
  const stopping = new AbortController();
  const { signal } = stopping;

  for (const [name, exit] of stopSignals) {
    process.once(name, () => {
      stopping.abort(new Stopped(`stopped by ${name}`, exit));
      process.on(name, () => undefined);
      setTimeout(() => {
        process.removeAllListeners(name);
      }, secondSignalMilliseconds).unref();
    });
  }

  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (cause: NodeJS.ErrnoException) => {
      // The reader went away, as `head` does: there is nobody to write for.
      stopping.abort(
        cause.code === "EPIPE"
          ? new Stopped("nobody reads", 0)
          : new Stopped(`cannot write: ${cause.message}`, 1),
      );
    });
  }

  const print = async (line: string): Promise<void> => {
    signal.throwIfAborted();
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain", { signal });
  };
  return { print, say: (line) => void process.stderr.write(`${line}\n`), signal };
};
