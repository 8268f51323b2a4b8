import { limits } from "../base/limits.ts";
import type { Engine } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { refuseEmbeddingChange } from "../store/embedding/embedding-change.ts";
import { toRegistered } from "../store/registered.ts";
import { refuseSchemaChange } from "../store/schema-change.ts";
import { isOlder, outdatedPages } from "../store/upgrading/outdated-contexts.ts";
import { everyTenant } from "../store/walk.ts";
import type { Walk } from "./outdated.ts";
import { type UpgradeFailure, upgradeContexts } from "./upgrade-rewrites.ts";

export type UpgradeOptions = Walk & {
  /** Told after each transaction how many contexts were rewritten. */
  readonly onProgress?: (upgraded: number) => void;
};

export type Upgraded = {
  readonly upgraded: number;
  /** Those that others wrote again and again meanwhile, so that they are as they were. */
  readonly left: number;
  /** Those whose upgrade fails: they stay as they were. */
  readonly failed: number;
  /** The first of them. */
  readonly failures: readonly UpgradeFailure[];
};

type Pass = Pick<Upgraded, "left" | "failed" | "failures">;

/** How many current contexts are stored in an older schema version. Changes nothing. */
export const countOlder = async (
  engine: Engine,
  component: Component,
  { tenants, signal }: Walk,
): Promise<number> => {
  let count = 0;
  for await (const tenant of tenants ?? everyTenant(engine)) {
    signal?.throwIfAborted();
    const query = { tenant, component: component.name, type: undefined, where: isOlder(component) };
    count += await engine.count(query);
  }
  return count;
};

/** Looks at all that is older once. What comes next is read and upgraded while the last is written. */
const pass = async (
  engine: Engine,
  component: Component,
  { tenants, signal }: Walk,
  onWritten: (rewritten: number) => void,
): Promise<Pass> => {
  const { name } = component;
  const failures: UpgradeFailure[] = [];
  let [left, failed] = [0, 0];
  for await (const tenant of tenants ?? everyTenant(engine)) {
    let writing: Promise<void> = Promise.resolve();
    for await (const page of outdatedPages(engine, component, tenant)) {
      signal?.throwIfAborted();
      const made = await upgradeContexts(component, tenant, page, signal);
      failed += made.failures.length;
      failures.push(...made.failures.slice(0, limits.upgradeFailures - failures.length));
      await writing;
      if (made.rewrites.length === 0) continue;
      writing = engine.rewrite({ tenant, component: name }, made.rewrites).then((rewritten) => {
        left += made.rewrites.length - rewritten;
        onWritten(rewritten);
      });
      // Who waits for it is told of its failure; it may come before that.
      writing.catch(() => undefined);
    }
    await writing;
  }
  return { left, failed, failures };
};

/**
 * Rewrites every current context of an older schema version as the upgrades give it, as the version that it is: neither
 * versions nor times change, and nobody is told of a change. What stood is kept, to be rolled back to. What is done is
 * told by the contexts themselves, so that a run that was cut off, at any moment, goes on where it ended when it is made
 * again. The store may be used meanwhile: what others wrote is looked at once more.
 * @param engine one that was opened; on PostgreSQL the owner's, unless `tenants` are named
 * @throws ContextbaseError incompatible_schema, embedding_changed, embedding_failed, embedding_unavailable, and what the
 *   engine throws; the signal's reason
 */
export const upgrade = async (
  engine: Engine,
  component: Component,
  options: UpgradeOptions = {},
): Promise<Upgraded> => {
  await engine.open([]);
  refuseSchemaChange([component], await engine.schemaVersions());
  await refuseEmbeddingChange(engine, [component]);
  await engine.open([toRegistered(component)]);
  let upgraded = 0;
  const onWritten = (rewritten: number): void => {
    upgraded += rewritten;
    options.onProgress?.(upgraded);
  };
  for (let count = 1; ; count++) {
    const done = await pass(engine, component, options, onWritten);
    if (done.left === 0 || count === limits.reembedPasses) return { upgraded, ...done };
  }
};
