import { ContextbaseError } from "../../base/errors.ts";
import { isObject, type JsonObject, toJsonObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { showName } from "../../base/show.ts";
import type { StoredContext } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import type { CompiledSchema } from "../../model/schema.ts";
import type { UpgradeInput } from "../../model/upgrades.ts";

type StoredHead = Pick<StoredContext, "id" | "version" | "schemaVersion">;

/** What old code throws where it meets what newer code wrote. */
export const newerSchema = (
  { name, schemaVersion }: Component,
  { id, version, schemaVersion: found }: { id: string; version?: number | undefined; schemaVersion: number },
): ContextbaseError => {
  const message =
    `${name} ${JSON.stringify(id)} is of schema version ${found}; this program knows ${name} up to ` +
    `${schemaVersion}. Update the program.`;
  const details = {
    id,
    ...(version !== undefined && { version }),
    schemaVersion: found,
    known: schemaVersion,
  };
  return new ContextbaseError("newer_schema", message, { component: name, details });
};

type Step = { readonly from: number; readonly to: number };

/** What went wrong is told without what stands in the context, which the cause may hold. */
const failed = (
  { name }: Component,
  { id, version }: StoredHead,
  { from, to }: Step,
  problem: string,
  cause?: unknown,
): ContextbaseError => {
  const message =
    `Version ${version} of ${name} ${JSON.stringify(id)} cannot be upgraded from schema version ${from} to ${to}: ` +
    `${problem}. Mend ${name}.upgrades.`;
  const error = new ContextbaseError("upgrade_failed", message, {
    component: name,
    details: { id, version, from, to },
  });
  if (cause !== undefined) Object.defineProperty(error, "cause", { value: cause, enumerable: false });
  return error;
};

const takeStep = (component: Component, stored: StoredHead, old: UpgradeInput, to: number): UpgradeInput => {
  const upgrade = component.upgrades?.get(to)?.(old.type);
  if (!upgrade) return old;
  const step = { from: to - 1, to };
  let made: unknown;
  try {
    made = upgrade(old);
  } catch (cause) {
    const kind = cause instanceof Error ? showName(cause.name) : "what is no error";
    throw failed(component, stored, step, `the upgrade threw ${kind}, the cause of this error`, cause);
  }
  const { type = old.type, content, metadata = old.metadata } = isObject(made) ? made : {};
  if (typeof type === "string" && isObject(content) && isObject(metadata))
    return { type, content: content as JsonObject, metadata: metadata as JsonObject };
  const what = made instanceof Promise ? "gave a promise, and it must answer at once" : "gave no { content }";
  throw failed(component, stored, step, `the upgrade ${what}`);
};

/** What came of the upgrades must be what could be stored. */
const checkPresent = (component: Component, stored: StoredHead, body: UpgradeInput): UpgradeInput => {
  const step = { from: stored.schemaVersion, to: component.schemaVersion };
  const check = (
    part: "content" | "metadata",
    schema: CompiledSchema | undefined,
    most: number,
  ): JsonObject => {
    const read = (value: unknown): JsonObject => {
      try {
        return toJsonObject(value, part, most);
      } catch (cause) {
        throw failed(
          component,
          stored,
          step,
          `what it gave is no JSON that can be stored, in ${part}`,
          cause,
        );
      }
    };
    const json = read(body[part]);
    const result = schema?.check(json);
    if (!result) return json;
    if (!result.issues) return read(result.value);
    const [first] = result.issues;
    const path = first?.path ? `${part}.${first.path}` : part;
    throw failed(component, stored, step, `${path} does not fit its schema: ${first?.message}`);
  };
  const { type } = body;
  if (component.types && !component.types.has(type))
    throw failed(component, stored, step, `there is no type ${JSON.stringify(type)} any more`);
  return {
    type,
    content: check("content", component.types?.get(type), limits.contentBytes),
    metadata: check("metadata", component.metadata, limits.metadataBytes),
  };
};

/** Whether what is stored is to be upgraded before anybody sees it. */
export const isOutdated = (component: Component, schemaVersion: number): boolean =>
  component.upgrades !== undefined && schemaVersion < component.schemaVersion;

/**
 * A body as the present schemas have it: those of an older schema version go through the upgrades, one after another.
 * @throws ContextbaseError newer_schema, upgrade_failed
 */
export const upgradeBody = (component: Component, stored: StoredHead, body: UpgradeInput): UpgradeInput => {
  const { schemaVersion: from } = stored;
  if (from > component.schemaVersion) throw newerSchema(component, stored);
  if (!isOutdated(component, from)) return body;
  let upgraded = body;
  for (let to = from + 1; to <= component.schemaVersion; to++)
    upgraded = takeStep(component, stored, upgraded, to);
  return checkPresent(component, stored, upgraded);
};
