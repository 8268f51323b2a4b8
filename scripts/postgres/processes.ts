/** Server processes as the kernel sees them: they outlive the script that started them. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

type Status = { readonly name: string; readonly state: string; readonly parent: number };

const statusOf = (pid: number): Status | undefined => {
  try {
    const [, name = "", state = "", parent] =
      readFileSync(`/proc/${pid}/stat`, "utf8").match(/^\d+ \((.*)\) (\S) (\d+)/s) ?? [];
    return { name, state, parent: Number(parent) };
  } catch {
    return undefined;
  }
};

/** A process that ended and waits for its parent to notice is no longer alive. */
export const isAlive = (pid: number): boolean => !["Z", "X", undefined].includes(statusOf(pid)?.state);

/** Another process that got the old number of one that ended has another name. */
export const isRunning = (pid: number, name: string): boolean => isAlive(pid) && statusOf(pid)?.name === name;

export const childrenOf = (pid: number): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((other) => other > 0 && statusOf(other)?.parent === pid);

export const waitForEnd = async (pid: number, name: string, seconds = 60): Promise<void> => {
  const step = 20;
  for (let left = seconds * 1_000; isRunning(pid, name); left -= step) {
    if (left <= 0) throw new Error(`${name} (process ${pid}) did not end in ${seconds} s.`);
    await sleep(step);
  }
};

/**
 * An ended process keeps its number until its parent has noticed, and a server whose file names that number does not
 * start. A parent that never notices is not waited for.
 */
const waitUntilGone = async (pid: number): Promise<void> => {
  for (let tries = 0; tries < 100 && statusOf(pid) !== undefined; tries++) await sleep(20);
};

/**
 * Kills a process and its children at one moment, as a loss of power does. It is stopped first, so that it
 * neither makes more children nor tidies up after those it has.
 */
export const killFamily = async (pid: number, name: string): Promise<void> => {
  process.kill(pid, "SIGSTOP");
  const family = [pid, ...childrenOf(pid)];
  for (const member of family) {
    try {
      process.kill(member, "SIGKILL");
    } catch {
      // It ended by itself meanwhile.
    }
  }
  for (const member of family) await waitForEnd(member, name);
  await waitUntilGone(pid);
};
