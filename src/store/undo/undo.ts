import { checkName, checkOptions, checkSignal } from "../../base/arguments.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { show } from "../../base/show.ts";
import { sizeOfWrite } from "../../engine/size.ts";
import { checkTime } from "../as-of/check-time.ts";
import { commitUndo, type UndoServices } from "./undo-commit.ts";
import { type Gathering, gatherTouched, type Touched } from "./undo-gather.ts";
import { createUndoPreparation, type Ready } from "./undo-prepare.ts";
import type { SkippedContext, Undone, UndoneContext, UndoOptions, UndoTarget } from "./undoing.ts";

export type Undo = (target: UndoTarget, options?: UndoOptions) => Promise<Undone>;

/** Takes back what a write, or an actor, did; of one tenant. */
export const createUndo = (services: UndoServices): Undo => {
  const { engine, newId, principal } = services;
  const { tenant } = principal;

  /** The part of the change log that is looked at, and what is looked for in it. */
  const toGathering = async (target: UndoTarget, { write: own, signal }: UndoOptions): Promise<Gathering> => {
    const isOwn: Gathering["isOwn"] = ({ write }) =>
      own !== undefined && (write === own || write.startsWith(`${own}.`));
    const common = { engine, tenant, isOwn, signal };
    if (target.write !== undefined) {
      const { write } = target;
      if (write === own)
        throw invalid("An undo needs an id of its own, not that of the write that it undoes.");
      const [first] = (await engine.findWrite(tenant, write)) ?? [];
      if (!first) {
        const message = `No write ${JSON.stringify(write)} happened. There is nothing to undo.`;
        throw new ContextbaseError("not_found", message, { details: { write } });
      }
      return { ...common, after: first.position - 1, isUndone: (change) => change.write === write };
    }
    const { actor } = target;
    const since = checkTime("since", target.since);
    const until = target.until === undefined ? Number.POSITIVE_INFINITY : checkTime("until", target.until);
    const isUndone: Gathering["isUndone"] = (change) =>
      change.actor === actor && change.at >= since && change.at < until;
    // Times need not rise along the log: a clock that steps back makes earlier ones. So all of it is looked at.
    return { ...common, after: 0, isUndone };
  };

  return async (target, options = {}) => {
    const { dryRun = false, signal, write: own } = checkCall(target, options);
    const touched = await gatherTouched(await toGathering(target, options));
    const preparation = createUndoPreparation({ ...services, tenant });
    const undone: UndoneContext[] = touched.flatMap((one) =>
      one.done ? [tell(one, one.done.version - 1)] : [],
    );
    const skipped: SkippedContext[] = [];
    const writes = [...new Set(touched.flatMap((one) => (one.done ? [one.done.write] : [])))];

    const commit = async (group: readonly Ready[]): Promise<void> => {
      if (dryRun || group.length === 0) {
        undone.push(...group.map((one) => tell(one.touched)));
        return;
      }
      const id = own === undefined ? newId() : writes.length === 0 ? own : `${own}.${writes.length + 1}`;
      const repeatable = own !== undefined;
      const outcome = await commitUndo(services, preparation, group, { id, repeatable, signal });
      if (outcome.undone.length > 0) writes.push(id);
      undone.push(...outcome.undone.map((one) => tell(one)));
      skipped.push(...outcome.skipped);
    };

    let group: Ready[] = [];
    let bytes = 0;
    const waiting = touched.filter((one) => !one.done);
    for (let at = 0; at < waiting.length; at += limits.undoneAtOnce) {
      signal?.throwIfAborted();
      const some = waiting.slice(at, at + limits.undoneAtOnce);
      for (const one of await Promise.all(some.map(preparation.prepare))) {
        if ("reason" in one) {
          skipped.push(one);
          continue;
        }
        const size = sizeOfWrite(one.write.write);
        if (group.length === limits.batchContexts || bytes + size > limits.batchBytes) {
          await commit(group);
          [group, bytes] = [[], 0];
        }
        group.push(one);
        bytes += size;
      }
    }
    await commit(group);
    return { undone, skipped, writes };
  };
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const tell = ({ component, id, first, head }: Touched, from = head.version): UndoneContext => ({
  component,
  id,
  from,
  to: first - 1,
});

/** @throws ContextbaseError invalid_argument */
const checkCall = (target: UndoTarget, options: UndoOptions): UndoOptions => {
  checkOptions("undo", target, ["write", "actor", "since", "until"]);
  const { write, actor, since, until }: Readonly<Record<string, unknown>> = target;
  const [byWrite, byActor] = [write !== undefined, [actor, since, until].some((one) => one !== undefined)];
  if (byWrite === byActor) throw invalid("undo takes either { write } or { actor, since, until? }.");
  if (byWrite) checkName("write id", write);
  else checkName("actor", actor);
  checkOptions("undo", options, ["dryRun", "write", "signal"]);
  checkSignal(options.signal);
  const { dryRun }: Readonly<Record<string, unknown>> = options;
  if (dryRun !== undefined && typeof dryRun !== "boolean")
    throw invalid(`dryRun is ${show(dryRun)}. It must be true or false.`);
  // A second batch of an undo has its id with a number behind it.
  if (options.write !== undefined) checkName("write id", `${options.write}.${limits.undoneContexts}`);
  return options;
};
