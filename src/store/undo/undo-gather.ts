import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { Change, Engine } from "../../engine/engine.ts";

/** A context of which something is to be undone. */
export type Touched = {
  readonly component: string;
  readonly id: string;
  /** The first of its versions that is to be undone. */
  readonly first: number;
  /** Its last change. */
  head: Change;
  /** The first change since by another write or actor. */
  foreign?: Change;
  /** The change that undid it, where this very undo was sent before. */
  done?: Change;
};

export type Gathering = {
  readonly engine: Engine;
  readonly tenant: string;
  /** The change log is read from behind this position. */
  readonly after: number;
  readonly isUndone: (change: Change) => boolean;
  /** Whether this very undo made a change, when it was sent before. */
  readonly isOwn: (change: Change) => boolean;
  readonly signal: AbortSignal | undefined;
};

/**
 * The contexts that changes to be undone touched, in the order of the change log, which is read to its end.
 * @throws ContextbaseError too_large above `limits.undoneContexts`, and what the engine throws; the signal's reason
 */
export const gatherTouched = async (gathering: Gathering): Promise<readonly Touched[]> => {
  const touched = new Map<string, Touched>();
  for await (const change of changesOf(gathering)) note(touched, change, gathering);
  return [...touched.values()];
};

async function* changesOf({ engine, tenant, after, signal }: Gathering): AsyncGenerator<Change> {
  for (let position = after; ; ) {
    signal?.throwIfAborted();
    const page = await engine.changes(tenant, position, limits.pageItems);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < limits.pageItems) return;
    position = last.position;
    await new Promise(setImmediate);
  }
}

const note = (
  touched: Map<string, Touched>,
  change: Change,
  { isUndone, isOwn }: Pick<Gathering, "isUndone" | "isOwn">,
): void => {
  const { component, id, version } = change;
  const name = `${component}\0${id}`;
  const known = touched.get(name);
  const undone = !isOwn(change) && isUndone(change);
  if (!known) {
    if (!undone) return;
    if (touched.size === limits.undoneContexts) throw tooMany();
    touched.set(name, { component, id, first: version, head: change });
    return;
  }
  known.head = change;
  if (isOwn(change)) known.done = change;
  else if (!undone) known.foreign ??= change;
};

const tooMany = (): ContextbaseError =>
  new ContextbaseError(
    "too_large",
    `There is more to undo than ${limits.undoneContexts} contexts. Name a shorter time, and undo it in parts.`,
  );
