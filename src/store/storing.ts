import { checkId, checkOptions, checkSignal, checkWhole } from "../base/arguments.ts";
import { ContextbaseError, ContextNotFoundError, VersionConflictError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";
import type { ContextKey, StoredContext } from "../engine/engine.ts";
import type { Component, ContextOf } from "../model/component.ts";
import type { ContextStore, WriteOptions } from "../model/context-store.ts";
import type { ContextCache } from "./cache.ts";
import { decodeContext, writtenContext } from "./decode.ts";
import { createEmbedding, type MadeVectors } from "./embedding/embedding.ts";
import { hasOtherLength, withoutOtherLengths } from "./embedding/other-lengths.ts";
import { type EncodedWrite, encodeWrite } from "./encode.ts";
import { encodeBatch } from "./encode-batch.ts";
import { tellingBase } from "./merging/conflict-base.ts";
import { createMerging } from "./merging/merging.ts";
import type { Heads } from "./merging/merging-heads.ts";
import { contextName, type Turns } from "./turns.ts";
import { type WriteServices, write } from "./writes.ts";

export type Storing<C extends Component> = Pick<
  ContextStore<C>,
  "storeContext" | "storeContexts" | "updateContext" | "mergeContext" | "deleteContext"
>;

export type StoringServices = Omit<WriteServices, "component" | "embeds"> & {
  readonly cache: ContextCache;
  readonly turns: Turns;
};

/** What an update knows of the context that it writes. */
type Known = { readonly standing: StoredContext; readonly made: MadeVectors };

const writeOptions = ["signal", "write"];

const checkCall = (what: string, options: WriteOptions, known: readonly string[]): void => {
  checkOptions(what, options, known);
  checkSignal(options.signal);
};

const checkOnConflict = (value: unknown): "fail" | "merge" => {
  if (value === "fail" || value === "merge") return value;
  throw new ContextbaseError(
    "invalid_argument",
    `onConflict is ${show(value)}. It must be "fail" or "merge".`,
  );
};

/** The writing half of a context store. */
export const createStoring = <C extends Component>(
  component: C,
  given: StoringServices & { readonly heads: Heads },
): Storing<C> => {
  const services = { ...given, component, embeds: component.definition.embeddings?.embed !== undefined };
  const { cache, turns, heads, newId, principal, engine } = services;
  const { tenant } = principal;
  const embedding = createEmbedding(component, engine, tenant);
  const withoutOther = (inputs: readonly unknown[]) => withoutOtherLengths(component, engine, tenant, inputs);
  const telling = <Result>(work: () => Promise<Result>) => tellingBase(component, engine, tenant, work);

  const storeAll = async (
    asked: readonly EncodedWrite[],
    options: WriteOptions,
    known?: Known,
  ): Promise<ContextOf<C>[]> => {
    const { signal, write: id } = options;
    const encoded = embedding ? await embedding(asked, { signal, write: id, ...known }) : asked;
    const writes = encoded.map(({ write }) => write);
    try {
      const result = await write(
        services,
        writes,
        options,
        asked.map(({ write }) => write),
      );
      if (result === "absent") return [];
      if (!("written" in result))
        return result.flatMap((stored) => (stored ? [decodeContext(component, stored)] : []));
      return result.written.flatMap((landed, index) => {
        const one = encoded[index];
        return one ? [writtenContext<C>(one, landed, result.at)] : [];
      });
    } finally {
      cache.forget(writes.map(({ component, id }) => ({ tenant, component, id })));
    }
  };

  const encodeOne = async (input: unknown): Promise<EncodedWrite> => {
    const [own] = hasOtherLength(component, [input]) ? await withoutOther([input]) : [input];
    return encodeWrite(component, own, newId);
  };

  const { storeMerged, mergeContext } = createMerging(component, { ...services, embedding }, encodeOne);

  const storeOne = async (one: EncodedWrite, options: WriteOptions, known?: Known): Promise<ContextOf<C>> => {
    const [stored] = await storeAll([one], options, known);
    if (stored) return stored;
    throw new ContextbaseError("internal", "A write was answered without its context. Please report this.");
  };

  const updateOnce = async (
    key: ContextKey,
    change: Parameters<Storing<C>["updateContext"]>[1],
    options: WriteOptions,
    made: MadeVectors,
  ): Promise<ContextOf<C>> => {
    const [stored] = await engine.read(key, [key.id]);
    if (!stored) throw new ContextNotFoundError(component.name, key.id);
    const draft = decodeContext(component, stored);
    const changed = (await change(draft)) ?? draft;
    const next = { ...changed, id: key.id, version: stored.version + 1 };
    return storeOne(await encodeOne(next), options, { standing: stored, made });
  };

  /** What an update did the first time that it was sent under its write id; undefined where that did another thing. */
  const recallUpdate = async (key: ContextKey, id: string): Promise<ContextOf<C> | undefined> => {
    const [change, ...others] = (await engine.findWrite(tenant, id)) ?? [];
    const same = change?.operation === "store" && change.component === key.component && change.id === key.id;
    if (!change || !same || others.length > 0) return undefined;
    const stored = await engine.readVersion(key, change.version);
    return stored && decodeContext(component, stored);
  };

  return {
    storeContext: async (input, options = {}) => {
      checkCall("storeContext", options, [...writeOptions, "onConflict"]);
      const { onConflict = "fail", ...rest } = options;
      const merges = checkOnConflict(onConflict) === "merge";
      const one = await encodeOne(input);
      const { version, made } = one.write;
      return telling(() =>
        merges && version !== undefined && !made ? storeMerged(one, version, rest) : storeOne(one, rest),
      );
    },

    storeContexts: async (inputs, options = {}) => {
      checkCall("storeContexts", options, writeOptions);
      if (!Array.isArray(inputs)) {
        throw new ContextbaseError("invalid_argument", "storeContexts takes an array of contexts.");
      }
      if (inputs.length === 0) return [];
      const own = hasOtherLength(component, inputs) ? await withoutOther(inputs) : inputs;
      const encoded = await encodeBatch(component, own, newId);
      return telling(() => storeAll(encoded, options));
    },

    updateContext: async (id, change, options = {}) => {
      checkCall("updateContext", options, [...writeOptions, "attempts"]);
      const { attempts = limits.updateAttempts, ...rest } = options;
      if (typeof change !== "function") {
        throw new ContextbaseError(
          "invalid_argument",
          "updateContext takes a function that changes the draft.",
        );
      }
      checkWhole("attempts", attempts, 1, Number.MAX_SAFE_INTEGER);
      const key = { tenant, component: component.name, id: checkId(id) };
      const made: MadeVectors = new Map();
      for (let attempt = 1; ; attempt++) {
        try {
          // Updates of one process wait for each other; only other writers are met by trying again.
          return await turns(contextName(key), async () => {
            await heads.settled(contextName(key));
            return updateOnce(key, change, rest, made);
          });
        } catch (cause) {
          if (
            cause instanceof ContextbaseError &&
            cause.code === "write_reused" &&
            rest.write !== undefined
          ) {
            const earlier = await recallUpdate(key, rest.write);
            if (earlier) return earlier;
          }
          if (!(cause instanceof VersionConflictError)) throw cause;
          if (attempt >= attempts) return telling(() => Promise.reject(cause));
          options.signal?.throwIfAborted();
        }
      }
    },

    mergeContext: (id, sides, options) => telling(() => mergeContext(id, sides, options)),

    deleteContext: async (id, options = {}) => {
      checkCall("deleteContext", options, [...writeOptions, "version"]);
      const { version } = options;
      if (version !== undefined) checkWhole("version", version, 1, Number.MAX_SAFE_INTEGER);
      const key = { component: component.name, id: checkId(id) };
      try {
        const deleting = () => write(services, [{ operation: "delete", version, ...key }], options);
        return (await telling(deleting)) !== "absent";
      } finally {
        cache.forget([{ tenant, ...key }]);
      }
    },
  };
};
