import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export const root = join(import.meta.dirname, "../..");

export type Result = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type RunOptions = {
  readonly cwd: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node. */
  readonly node?: readonly string[];
};

/** What the tests' own environment says must not leak into a command. */
const environment = (env: RunOptions["env"]): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(CONTEXTBASE_|NO_COLOR|FORCE_COLOR|VITEST|NODE_)/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...env };
};

/** Starts a program of the project in a process of its own; it does not outlive the test. */
export const start = (
  file: string,
  words: readonly string[],
  { cwd, env, node = [] }: RunOptions,
): ChildProcess => {
  const child = spawn(process.execPath, [...node, join(root, file), ...words], {
    cwd,
    env: environment(env),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
};

export const finish = async (child: ChildProcess, input = ""): Promise<Result> => {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error("The process has no streams.");
  stdin.on("error", () => undefined);
  stdin.end(input);
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, "exit")]);
  return { code, stdout: out, stderr: err };
};

/** Runs `contextbase` to its end. */
export const contextbase = (words: readonly string[], options: RunOptions): Promise<Result> =>
  finish(start("bin/contextbase.js", words, options), options.input);

/** The lines of NDJSON. */
export const linesOf = (stdout: string): Record<string, unknown>[] =>
  stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Resolves with the first match in what a stream says. */
export const waitFor = (stream: NodeJS.ReadableStream | null, pattern: RegExp): Promise<RegExpExecArray> =>
  new Promise((resolve, reject) => {
    let said = "";
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const match = pattern.exec(said);
      if (match) resolve(match);
    });
    stream?.on("end", () => reject(new Error(`It ended without ${pattern}: ${said}`)));
  });
