import type { Clock } from "../../base/clock.ts";
import { ContextbaseError } from "../../base/errors.ts";
import type { NewId } from "../../base/ids.ts";
import type { Change, Engine, GroupOutcome } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import type { ContextCache } from "../cache.ts";
import type { CheckedPrincipal } from "../principal.ts";
import type { WriteQueue } from "../write-queue.ts";
import type { Touched } from "./undo-gather.ts";
import { type Ready, skip, type UndoPreparation } from "./undo-prepare.ts";
import type { SkippedContext } from "./undoing.ts";

export type UndoServices = {
  readonly engine: Engine;
  readonly cache: ContextCache;
  readonly queue: WriteQueue;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly principal: CheckedPrincipal;
  readonly components: ReadonlyMap<string, Component>;
};

type UndoWrite = {
  readonly id: string;
  readonly repeatable: boolean;
  readonly signal: AbortSignal | undefined;
};

type Committed = { readonly undone: readonly Touched[]; readonly skipped: readonly SkippedContext[] };

/**
 * Takes a group back in one atomic batch. What another write was quicker with is left out of it.
 * @throws ContextbaseError write_reused, and what engine and embedder throw
 */
export const commitUndo = async (
  { queue, cache, principal }: UndoServices,
  { embed }: UndoPreparation,
  group: readonly Ready[],
  { id, repeatable, signal }: UndoWrite,
): Promise<Committed> => {
  const { tenant, id: actor } = principal;
  const skipped: SkippedContext[] = [];
  let ready = await embed(group, { signal, write: undefined });
  try {
    while (ready.length > 0) {
      const writes = ready.map(({ write }) => write.write);
      const outcome = await queue.submit({ tenant, actor, write: id, repeatable, writes }, signal);
      if (outcome.status === "written") break;
      if (outcome.status === "repeated") {
        checkRepeated(ready, outcome.changes, id);
        break;
      }
      const refused = ready[outcome.index];
      if (refused) skipped.push(toSkipped(refused.touched, outcome));
      ready = ready.filter((one) => one !== refused);
    }
  } finally {
    cache.forget(group.map(({ touched: { component, id } }) => ({ tenant, component, id })));
  }
  return { undone: ready.map(({ touched }) => touched), skipped };
};

const toSkipped = (
  touched: Touched,
  outcome: Exclude<GroupOutcome, { status: "written" | "repeated" }>,
): SkippedContext => {
  switch (outcome.status) {
    case "conflict":
      return skip(
        touched,
        "changed_since",
        `It was changed meanwhile: version ${outcome.current} is current.`,
      );
    case "newer":
      return skip(
        touched,
        "not_readable",
        `What stands is of the newer schema version ${outcome.schemaVersion}.`,
      );
    case "absent":
      return skip(touched, "unchanged", "It is not there any more.");
  }
};

/** The same undo may be sent twice at once; another write of this id is another matter. */
const checkRepeated = (ready: readonly Ready[], changes: readonly Change[], id: string): void => {
  const same =
    ready.length === changes.length &&
    ready.every(({ write: { write } }, at) => {
      const change = changes[at];
      return (
        change?.component === write.component && change.id === write.id && change.version === write.version
      );
    });
  if (same) return;
  const message = `The write id ${JSON.stringify(id)} was used before, for another write. Make a new one for each write.`;
  throw new ContextbaseError("write_reused", message, { details: { write: id } });
};
