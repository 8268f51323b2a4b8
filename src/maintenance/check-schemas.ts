import { setImmediate as turn } from "node:timers/promises";
import { ContextbaseError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { parseJsonText } from "../base/json-text.ts";
import { limits } from "../base/limits.ts";
import type { Engine, Entry } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import type { CompiledSchema } from "../model/schema.ts";
import { upgradeBody } from "../store/upgrading/upgrading.ts";
import { everyTenant } from "../store/walk.ts";
import type { Walk } from "./outdated.ts";

/** A version of a context, the current one or an old one, that a component could not read as its own. */
export type SchemaFailure = {
  readonly component: string;
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
  readonly schemaVersion: number;
  /** Where in it; `""` where that is not known. */
  readonly path: string;
  readonly message: string;
};

/** What was found of one component. */
export type SchemasChecked = {
  /** Versions of contexts that were tried. */
  readonly versions: number;
  readonly failed: number;
  /** The first of those that failed. */
  readonly failures: readonly SchemaFailure[];
};

export type CheckSchemasOptions = Walk & {
  /** Told after each page how many changes were looked at, and of how many. */
  readonly onProgress?: (looked: number, total: number) => void;
};

type Problem = { readonly path: string; readonly message: string };

const problemOf = (
  part: "content" | "metadata",
  schema: CompiledSchema | undefined,
  value: JsonObject,
): Problem | undefined => {
  const [first] = schema?.check(value).issues ?? [];
  return first && { path: first.path === "" ? part : `${part}.${first.path}`, message: first.message };
};

/** Why a component cannot read what was stored as its own; undefined where it can. */
const tryEntry = (component: Component, { change, schemaVersion, body }: Entry): Problem | undefined => {
  if (!body) return undefined;
  const stored = {
    type: change.type,
    content: parseJsonText(body.content),
    metadata: parseJsonText(body.metadata),
  };
  const old = stored as { type: string; content: JsonObject; metadata: JsonObject };
  try {
    const { type, content, metadata } = upgradeBody(component, { ...change, schemaVersion }, old);
    if (component.types && !component.types.has(type)) {
      return { path: "type", message: `the type ${JSON.stringify(type)} is not declared` };
    }
    return (
      problemOf("content", component.types?.get(type), content) ??
      problemOf("metadata", component.metadata, metadata)
    );
  } catch (cause) {
    if (!(cause instanceof ContextbaseError)) throw cause;
    return { path: "", message: cause.message };
  }
};

/** The tenants with where their changes end now. */
const shares = async (engine: Engine, { tenants }: Walk): Promise<Map<string, number>> => {
  const ends = new Map<string, number>();
  for await (const tenant of tenants ?? everyTenant(engine))
    ends.set(tenant, await engine.lastPosition(tenant));
  return ends;
};

/**
 * Tries components on everything that a store holds of them, current contexts and old versions alike: each is upgraded
 * and checked as a read would give it. Nothing is written. What is written meanwhile is not looked at.
 * @param engine one that was opened; on PostgreSQL the owner's, unless `tenants` are named
 * @throws what the engine throws; the signal's reason
 */
export const checkSchemas = async (
  engine: Engine,
  components: readonly Component[],
  { onProgress, ...walk }: CheckSchemasOptions = {},
): Promise<ReadonlyMap<string, SchemasChecked>> => {
  const named = new Map(components.map((component) => [component.name, component]));
  const found = new Map(
    components.map(({ name }) => [name, { versions: 0, failed: 0, failures: [] as SchemaFailure[] }]),
  );
  const look = (tenant: string, entry: Entry): void => {
    const { component: name, id, version } = entry.change;
    const [component, of] = [named.get(name), found.get(name)];
    if (!component || !of || !entry.body) return;
    of.versions++;
    const problem = tryEntry(component, entry);
    if (!problem) return;
    of.failed++;
    const { schemaVersion } = entry;
    if (of.failures.length < limits.upgradeFailures) {
      of.failures.push({ component: name, tenant, id, version, schemaVersion, ...problem });
    }
  };
  const ends = await shares(engine, walk);
  const total = [...ends.values()].reduce((sum, end) => sum + end, 0);
  let looked = 0;
  for (const [tenant, end] of ends) {
    for (let at = 0; at < end; ) {
      walk.signal?.throwIfAborted();
      const page = await engine.entries(tenant, at, Math.min(limits.reembeddedContexts, end - at));
      if (page.length === 0) break;
      for (const entry of page) look(tenant, entry);
      at = page.at(-1)?.change.position ?? end;
      looked += page.length;
      onProgress?.(looked, total);
      await turn();
    }
  }
  return found;
};
