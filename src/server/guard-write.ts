import { ContextbaseError, VersionConflictError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { Component } from "../model/component.ts";
import type { ContextStore } from "../model/context-store.ts";
import type { ContextbaseView } from "../store/contextbase.ts";
import type { Guard } from "./operation.ts";

export type GuardedWrite = {
  readonly base: ContextbaseView;
  readonly store: ContextStore<Component>;
  readonly id: string;
  /** The version that the caller wants it to be. */
  readonly version: number | undefined;
  readonly write: string | undefined;
};

/**
 * Writes only if the guard lets what is current be followed. Nothing comes between its look and the write,
 * since the write names the version that it is to be; where another came first, it looks again.
 * @param perform writes that version
 */
export const guardWrite = async <Result>(
  { base, store, id, version, write }: GuardedWrite,
  guard: Guard | undefined,
  perform: (version: number | undefined) => Promise<Result>,
): Promise<Result> => {
  if (guard === undefined) return perform(version);
  for (let attempt = 1; ; attempt++) {
    const [head] = (await store.history(id, { limit: 1 })).versions;
    // A write sent again is answered as the first time, whatever stands by now. This is asked after the head
    // was read: a head that this very write made is never taken for another's.
    if (write !== undefined && (await base.findWrite(write))) return perform(version);
    guard(head?.operation === "store" ? head.version : undefined);
    const current = head?.version ?? 0;
    if (version !== undefined && version !== current + 1) {
      const component = store.component.name;
      throw new VersionConflictError({ component, id, attempted: version, current });
    }
    try {
      return await perform(current + 1);
    } catch (cause) {
      if (!isOvertaken(cause) || attempt >= limits.guardAttempts) throw cause;
    }
  }
};

/** By another write, or by this one, sent twice at once. */
const isOvertaken = (cause: unknown): boolean =>
  cause instanceof ContextbaseError && (cause.code === "version_conflict" || cause.code === "write_reused");
