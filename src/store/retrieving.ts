import { checkId, checkPage, checkWhole } from "../base/arguments.ts";
import type { Clock } from "../base/clock.ts";
import { ContextbaseError, ContextNotFoundError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { ContextKey, Engine, StoredVersion } from "../engine/engine.ts";
import type { Component, ContextOf } from "../model/component.ts";
import type { ContextStore, RetrieveOptions, VersionEntry } from "../model/context-store.ts";
import { createReadsOf } from "./as-of/as-of.ts";
import { checkAsOf } from "./as-of/as-of-time.ts";
import type { ContextCache } from "./cache.ts";
import { checkCall } from "./check-call.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { decodeContext } from "./decode.ts";
import { createListing } from "./listing.ts";

export type Retrieving<C extends Component> = Pick<
  ContextStore<C>,
  "retrieveContext" | "retrieveContexts" | "getContext" | "history" | "listContexts" | "countContexts"
>;

export type RetrievingServices = {
  readonly engine: Engine;
  readonly cache: ContextCache;
  readonly clock: Clock;
  readonly tenant: string;
  readonly onCacheHit: () => void;
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const toVersionEntry = ({ version, at, actor, operation, parent }: StoredVersion): VersionEntry => {
  const before = version > 1 ? [version - 1] : [];
  const parents = parent === undefined || before.includes(parent) ? before : [...before, parent];
  return { version, at: new Date(at), actor, operation, parents };
};

/** The reading half of a context store. */
export const createRetrieving = <C extends Component>(
  component: C,
  services: RetrievingServices,
): Retrieving<C> => {
  const { engine, cache, clock, tenant, onCacheHit } = services;
  const { name } = component;
  const readsOf = createReadsOf(component, engine, clock);

  const fromCache = (key: ContextKey): ContextOf<C> | undefined => {
    const cached = cache.get(component, key);
    if (cached) onCacheHit();
    return cached as ContextOf<C> | undefined;
  };

  const retrieveCurrent = async (key: ContextKey): Promise<ContextOf<C> | undefined> => {
    const generation = cache.generation();
    const [stored] = await engine.read(key, [key.id]);
    if (!stored) return undefined;
    cache.keep(key, stored, generation);
    return decodeContext(component, stored);
  };

  /** At or after now it is the current state that is asked for. */
  const pastTime = (asOf: Date | string | undefined): number | undefined => {
    const at = checkAsOf(asOf);
    return at !== undefined && at < clock() ? at : undefined;
  };

  const retrieveEarlier = async (
    key: ContextKey,
    { version, asOf }: RetrieveOptions,
  ): Promise<ContextOf<C> | undefined> => {
    if (version !== undefined && asOf !== undefined) throw invalid("Give version or asOf, not both.");
    if (version !== undefined) {
      const stored = await engine.readVersion(
        key,
        checkWhole("version", version, 1, Number.MAX_SAFE_INTEGER),
      );
      return stored && decodeContext(component, stored);
    }
    const at = pastTime(asOf);
    if (at === undefined) return retrieveCurrent(key);
    const [stored] = await engine.readAsOf(key, [key.id], at);
    return stored && decodeContext(component, stored);
  };

  const retrieveContext: Retrieving<C>["retrieveContext"] = async (id, options) => {
    checkCall("retrieveContext", options, ["version", "asOf"]);
    const key = { tenant, component: name, id: checkId(id) };
    if (options?.version === undefined && options?.asOf === undefined)
      return fromCache(key) ?? retrieveCurrent(key);
    return retrieveEarlier(key, options);
  };

  return {
    ...createListing(component, services),
    retrieveContext,

    retrieveContexts: async (ids, options) => {
      checkCall("retrieveContexts", options, ["asOf"]);
      if (!Array.isArray(ids)) throw invalid("retrieveContexts takes an array of ids.");
      if (ids.length > limits.retrieveIds) {
        const message = `${ids.length} ids are more than ${limits.retrieveIds}. Ask for them in parts.`;
        throw new ContextbaseError("too_large", message);
      }
      const key = { tenant, component: name };
      const reads = readsOf(checkAsOf(options?.asOf));
      const found = await reads.read(key, ids.map(checkId));
      return found.map((stored) => stored && decodeContext(component, stored));
    },

    getContext: async (id, options) => {
      const context = await retrieveContext(id, options);
      if (context) return context;
      throw new ContextNotFoundError(name, id, {
        ...(options?.version !== undefined && { version: options.version }),
        ...(options?.asOf !== undefined && { asOf: new Date(options.asOf).toISOString() }),
      });
    },

    history: async (id, options = {}) => {
      checkCall("history", options, ["limit", "cursor", "asOf"]);
      const limit = checkPage(options.limit);
      const at = checkAsOf(options.asOf);
      const list = ["history", name, checkId(id), ...(at === undefined ? [] : [at])];
      const before = options.cursor === undefined ? undefined : decodeCursor(list, options.cursor).place;
      const query = { tenant, component: name, id, limit: limit + 1, before };
      const found = await engine.history({ ...query, at: pastTime(options.asOf) });
      const versions = found.slice(0, limit).map(toVersionEntry);
      const last = versions.at(-1);
      return found.length > limit && last
        ? { versions, nextCursor: encodeCursor(list, { place: last.version }) }
        : { versions };
    },
  };
};
