import { checkName } from "../../base/arguments.ts";
import { VersionConflictError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { ContextKey, GroupOutcome, StoredContext } from "../../engine/engine.ts";
import type { Component, ContextOf } from "../../model/component.ts";
import type { WriteOptions } from "../../model/context-store.ts";
import type { MergeConflict } from "../../model/merging.ts";
import { createMerge } from "../../versioning/merge-values.ts";
import type { ContextCache } from "../cache.ts";
import { decodeContext, decodeWrite, storedOfWrite, writtenContext } from "../decode.ts";
import type { Embedding, MadeVectors } from "../embedding/embedding.ts";
import { type EncodedWrite, encodeWrite } from "../encode.ts";
import { contextName, type Turns } from "../turns.ts";
import { newerSchema } from "../upgrading/upgrading.ts";
import type { WriteServices } from "../writes.ts";
import { readBase } from "./merging-bases.ts";
import { deletionConflict, mergeContexts } from "./merging-contexts.ts";
import type { Head, Heads } from "./merging-heads.ts";
import { recallMerge } from "./merging-recall.ts";
import { sideOfStored, sideOfWrite } from "./merging-sides.ts";

export type MergingServices = WriteServices & {
  readonly cache: ContextCache;
  readonly turns: Turns;
  readonly heads: Heads;
  readonly embedding: Embedding | undefined;
};

export type MergeRequest = {
  readonly key: ContextKey;
  /** The version that yours counts on; 0: none. */
  readonly base: number;
  readonly yours: EncodedWrite;
  readonly options: WriteOptions;
};

/** Why nothing was stored. */
export type Unmerged = {
  readonly conflicts: readonly MergeConflict[];
  readonly base: StoredContext | undefined;
  /** Undefined where it was deleted. */
  readonly theirs: StoredContext | undefined;
  readonly current: number;
};

/** What yours is put on: what stands, or what is on its way. */
type Standing = {
  readonly version: number;
  /** Undefined where it is a deletion. */
  readonly stored: StoredContext | undefined;
  readonly head?: Head;
};

/** What is to be sent, and the versions that it was made of. */
type Ready = { readonly encoded: EncodedWrite; readonly known: readonly StoredContext[] };

/** A write on its way. */
type Sent = { readonly encoded: EncodedWrite; readonly outcome: Promise<GroupOutcome> };

/** Writes what is merged with whatever came in between, until nothing does. */
export const createMergeWrites = <C extends Component>(component: C, services: MergingServices) => {
  const { cache, turns, heads, embedding, engine, queue, newId, principal } = services;
  const merge = createMerge(component.definition.merge ?? {});

  /** What yours is to become: as it is where it follows its base, else merged; or why it cannot be. */
  const mergeOn = async (
    request: MergeRequest,
    standing: Standing | undefined,
  ): Promise<Ready | Unmerged> => {
    const { key, base, yours } = request;
    if (standing === undefined || standing.version <= base)
      return { encoded: { ...yours, write: { ...yours.write, version: base + 1 } }, known: [] };
    const { version: current, stored: theirs, head } = standing;
    const before = await readBase(engine, key, base, head);
    const sides = { base: before && sideOfStored(component, before), yours: sideOfWrite(yours) };
    if (!theirs) return { conflicts: [deletionConflict(sides)], base: before, theirs, current };
    const result = mergeContexts(component, merge, { ...sides, theirs: sideOfStored(component, theirs) });
    if ("conflicts" in result) return { ...result, base: before, theirs, current };
    const { expiresAt, ...input } = result.merged;
    const { write, body } = encodeWrite(component, { id: key.id, ...input }, newId);
    const parent = base === 0 ? undefined : base;
    const encoded = { write: { ...write, version: current + 1, parent, expiresAt }, body };
    return { encoded, known: before ? [before, theirs] : [theirs] };
  };

  const embed = async (
    encoded: EncodedWrite,
    { options: { signal, write } }: MergeRequest,
    standing: Standing | undefined,
    made: MadeVectors,
  ): Promise<EncodedWrite> => {
    const [embedded] =
      (await embedding?.([encoded], { signal, write, standing: standing?.stored, made })) ?? [];
    return embedded ?? encoded;
  };

  /** Sends a write, and makes it what others are put on until it lands. */
  const send = ({ encoded, known }: Ready, { key, options }: MergeRequest, head: Head | undefined): Sent => {
    const repeatable = options.write !== undefined;
    const write = repeatable ? checkName("write id", options.write) : newId();
    const group = {
      tenant: key.tenant,
      actor: principal.id,
      write,
      repeatable,
      writes: [encoded.write],
      after: head?.write,
    };
    const outcome = queue.submit(group, options.signal);
    const landing = outcome.then(
      (came) => (came.status === "written" ? storedOfWrite(encoded, came) : undefined),
      () => undefined,
    );
    heads.put(contextName(key), { stored: storedOfWrite(encoded), write, landing }, head, known);
    // Who is told of the outcome sees the heads as they are by then.
    return { encoded, outcome: landing.then(() => outcome) };
  };

  const put = async (
    request: MergeRequest,
    standing: Standing | undefined,
    made: MadeVectors,
  ): Promise<Sent | Unmerged> => {
    const next = await mergeOn(request, standing);
    if ("conflicts" in next) return next;
    const encoded = await embed(next.encoded, request, standing, made);
    return send({ ...next, encoded }, request, standing?.head);
  };

  /** In its turn: what was sent, or why nothing could be. Only of what is durable it is told that it conflicts. */
  const attempt = async (
    request: MergeRequest,
    known: Standing | undefined,
    made: MadeVectors,
  ): Promise<Sent | Unmerged> => {
    const head = heads.of(contextName(request.key));
    if (!head) return put(request, known, made);
    try {
      const { stored } = head;
      const sent = await put(request, { version: stored.version, stored, head }, made);
      if ("outcome" in sent) return sent;
    } catch {
      // Whether it is as bad as it looks is seen once what it was put on stands.
    }
    const stored = await head.landing;
    return put(request, stored ? { version: stored.version, stored } : known, made);
  };

  /** What a conflict met, unless it has expired: then it reads as absent. */
  const present = async (
    key: ContextKey,
    current: number,
    theirs: StoredContext | undefined,
  ): Promise<StoredContext | undefined> => {
    const stored = theirs ?? (await engine.readVersion(key, current));
    return stored?.expiresAt === undefined ? stored : (await engine.read(key, [key.id]))[0];
  };

  /**
   * @throws VersionConflictError where the base is not there yet, or others came first too often; InvalidContextError
   *   where what was merged does not fit; ContextbaseError write_reused, and what the engine throws
   */
  return async (request: MergeRequest): Promise<{ readonly context: ContextOf<C> } | Unmerged> => {
    const { key, base, yours, options } = request;
    const made: MadeVectors = new Map();
    let known: Standing | undefined;
    for (let tries = 1; ; tries++) {
      const came = await turns(contextName(key), () => attempt(request, known, made));
      if ("conflicts" in came) return came;
      const outcome = await came.outcome.finally(() => cache.forget([key]));
      if (outcome.status === "written") {
        const [landed = { version: 0, createdAt: 0 }] = outcome.written;
        return { context: writtenContext<C>(came.encoded, landed, outcome.at) };
      }
      if (outcome.status === "repeated")
        return { context: await recallMerge(component, engine, merge, request, outcome.changes) };
      if (outcome.status === "newer")
        throw newerSchema(component, { id: key.id, schemaVersion: outcome.schemaVersion });
      const { current, theirs } = outcome.status === "conflict" ? outcome : { current: 0, theirs: undefined };
      if (current < base || tries >= limits.mergeAttempts)
        throw new VersionConflictError({
          ...{ ...key, attempted: base + 1, current },
          ...{ yours: decodeWrite(yours.write), theirs: theirs && decodeContext(component, theirs) },
        });
      options.signal?.throwIfAborted();
      known = { version: current, stored: await present(key, current, theirs) };
    }
  };
};
