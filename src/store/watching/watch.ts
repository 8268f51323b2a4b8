import { checkFlag, checkName, checkOptions, checkSignal, checkWhole } from "../../base/arguments.ts";
import { stopwatch } from "../../base/clock.ts";
import { ContextbaseError, closedError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import type { Change, WatchOptions } from "../../model/context-store.ts";
import { checkType } from "../check-type.ts";
import { createBeginnings } from "./beginnings.ts";
import { type Bell, createBell } from "./bell.ts";
import { type ChangePage, createChangePages } from "./change-pages.ts";

/** The watches of one store. */
export type Watching = {
  /** @param component only its changes; left out: those of all components */
  readonly watch: (tenant: string, options?: WatchOptions, component?: Component) => AsyncIterable<Change>;
  /** The engine's own, but that it comes after the beginning of every watch of its tenants that was asked for before. */
  readonly commit: Engine["commit"];
  /** Ends every watch by `closed`. */
  readonly close: () => void;
};

export const createWatching = (engine: Engine): Watching => {
  const pages = createChangePages(engine);
  const beginnings = createBeginnings(engine);
  const bells = new Set<Bell>();
  let closed = false;

  const watch: Watching["watch"] = (tenant, options = {}, component) => {
    const { after, type, follow: follows = true, signal } = checkWatch(options, component);
    const beginning = after === undefined && follows ? beginnings.ask(tenant) : Promise.resolve(after ?? 0);
    const bell = createBell();
    let left = false;

    const goesOn = (): boolean => {
      signal?.throwIfAborted();
      if (closed) throw closedError();
      return !left;
    };

    /** The changes after a position. What passes by itself is waited for; there are none where the watch was left. */
    const read = async (position: number): Promise<ChangePage["changes"]> => {
      while (goesOn()) {
        try {
          const page = await bell.waitFor(pages.after(tenant, position));
          if (page === undefined) continue;
          checkFollows(position, page, component);
          return page.changes;
        } catch (cause) {
          if (!(cause instanceof ContextbaseError && cause.retryable)) {
            goesOn();
            throw cause;
          }
        }
        const end = stopwatch() + limits.pollMilliseconds;
        while (goesOn() && stopwatch() < end) await bell.wait(end - stopwatch());
      }
      return [];
    };

    const follow = async function* (): AsyncGenerator<Change, undefined> {
      bells.add(bell);
      signal?.addEventListener("abort", bell.end);
      const unsubscribe = engine.onChange(tenant, () => {
        pages.renew();
        bell.ring();
      });
      try {
        let position = goesOn() ? await bell.waitFor(beginning) : undefined;
        while (goesOn() && position !== undefined) {
          const page = await read(position);
          for (const change of page) {
            position = change.position;
            if (component !== undefined && change.component !== component.name) continue;
            if (type !== undefined && change.type !== type) continue;
            if (!goesOn()) return;
            yield { ...change, at: new Date(change.at) };
          }
          // Others have their turn of the event loop between two pages.
          if (page.length === limits.watchedChanges) await new Promise(setImmediate);
          else if (!follows) return;
          else if (goesOn()) await bell.wait(limits.watchMilliseconds);
        }
      } finally {
        unsubscribe();
        signal?.removeEventListener("abort", bell.end);
        bells.delete(bell);
      }
    };

    const changes = follow();
    const iterator: AsyncIterableIterator<Change, undefined> = {
      next: () => changes.next(),
      // A generator alone would first wait for the change that is awaited.
      return: () => {
        left = true;
        bell.end();
        return changes.return(undefined);
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  };

  return {
    watch,
    commit: beginnings.commit,
    close: () => {
      closed = true;
      for (const bell of bells) bell.end();
    },
  };
};

const checkWatch = (options: WatchOptions, component: Component | undefined): WatchOptions => {
  checkOptions("watch", options, ["after", "type", "follow", "signal"]);
  const { after, type, follow, signal } = options;
  if (after !== undefined) checkWhole("after", after, 0, Number.MAX_SAFE_INTEGER);
  if (type !== undefined && component) checkType(component, type);
  else if (type !== undefined) checkName("type", type);
  if (follow !== undefined) checkFlag("follow", follow);
  checkSignal(signal);
  return options;
};

/** @throws ContextbaseError position_expired where the log ends before this position, or begins after the next */
const checkFollows = (position: number, { changes, last }: ChangePage, component?: Component): void => {
  const [first] = changes;
  if (last === undefined || (!first && last >= position)) return;
  const found = first ? `the next that is kept is ${first.position}` : `its last position is ${last}`;
  throw new ContextbaseError(
    "position_expired",
    `The change log does not go on from position ${position}: ${found}. ` +
      "Read the store anew, and watch from where it is now.",
    { component: component?.name, details: { position, last } },
  );
};
