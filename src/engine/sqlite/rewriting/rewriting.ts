import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { stopwatch } from "../../../base/clock.ts";
import { limits } from "../../../base/limits.ts";
import type { Key, Rewrite, Rewriting, RolledBack } from "../../engine.ts";
import { createAsking } from "../connection/asking.ts";
import type { Run } from "../connection/run.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { threadFile } from "../connection/thread-file.ts";
import type { Rewriter } from "./rewrite.ts";

export type RewriteTask = { readonly key: Key } & (
  | { readonly rewrites: readonly Rewrite[] }
  | { readonly rollBack: number }
  | { readonly forget: number }
);

/** How many were rewritten or forgotten, or what was rolled back. */
export type RewriteDone = { readonly count: number; readonly rolledBack?: RolledBack };

export const performRewrite = (task: RewriteTask, rewriter: Rewriter): RewriteDone => {
  const { key } = task;
  if ("rewrites" in task) return { count: rewriter.rewrite(key, task.rewrites) };
  if ("forget" in task) return { count: rewriter.forgetOriginals(key, task.forget) };
  return { count: 0, rolledBack: rewriter.rollBack(key, task.rollBack) };
};

export type EngineRewriting = Rewriting & {
  /** Whether something was rewritten on this engine's own connection since this was asked last. */
  readonly hasRewritten: () => boolean;
  readonly close: () => Promise<void>;
};

/**
 * What changes much runs in a thread of its own, beside the reading and the making of what comes next; a store in memory
 * has one connection alone.
 * @param settled resolves once what a recovery found is final
 */
export const createRewriting = (
  { path, key }: StoreFile,
  run: Run<{ readonly rewriter: Rewriter }>,
  settled: () => Promise<unknown>,
): EngineRewriting => {
  const thread =
    path === ":memory:"
      ? undefined
      : createAsking<RewriteTask, RewriteDone>(
          () => new Worker(threadFile("rewrite-thread"), { workerData: { path, key } satisfies StoreFile }),
        );
  let rewritten = false;
  let ended = Number.NEGATIVE_INFINITY;

  const performNow = async (task: RewriteTask): Promise<RewriteDone> => {
    if (thread) return thread.ask(task);
    rewritten = true;
    return run(({ rewriter }) => performRewrite(task, rewriter));
  };

  const perform = async (task: RewriteTask): Promise<RewriteDone> => {
    await settled();
    const pause = ended + limits.upgradePauseMilliseconds - stopwatch();
    if (pause > 0) await sleep(pause);
    try {
      return await performNow(task);
    } finally {
      ended = stopwatch();
    }
  };

  return {
    outdated: (query) => run(({ rewriter }) => rewriter.outdated(query)),
    rewrite: async (of, rewrites) => (await perform({ key: of, rewrites })).count,
    countOriginals: (of) => run(({ rewriter }) => rewriter.countOriginals(of)),
    rollBack: async (of, limit) => {
      const { rolledBack } = await perform({ key: of, rollBack: limit });
      return rolledBack ?? { restored: 0, kept: [], originals: 0 };
    },
    forgetOriginals: async (of, limit) => (await perform({ key: of, forget: limit })).count,
    hasRewritten: () => {
      const was = rewritten;
      rewritten = false;
      return was;
    },
    close: async () => await thread?.close(),
  };
};
