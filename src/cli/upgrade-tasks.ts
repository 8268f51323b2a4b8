import type { Engine } from "../engine/engine.ts";
import type { Walk } from "../maintenance/outdated.ts";
import { countOlder, upgrade } from "../maintenance/upgrade.ts";
import { countOriginals, finishUpgrade, rollBackUpgrade } from "../maintenance/upgrade-originals.ts";
import type { Component } from "../model/component.ts";
import type { Say } from "./open-store.ts";
import { startProgress } from "./progress.ts";

/** What is told of a component, as JSON. */
export type Told = Readonly<Record<string, unknown>>;

/** One of the things that `contextbase upgrade` does, told and done component by component. */
export type UpgradeTask = {
  readonly isFor: (component: Component) => boolean;
  readonly count: (engine: Engine, component: Component, walk: Walk) => Promise<number>;
  readonly tell: (name: string, count: number) => string;
  readonly question: (count: number) => string;
  /** What is told where nothing is done. */
  readonly skip: (component: Component, count: number) => Told;
  readonly run: (engine: Engine, component: Component, count: number, walk: Walk, say: Say) => Promise<Told>;
  readonly head: readonly string[];
  readonly toRow: (told: Told) => string[];
  /** Whether something could not be done. */
  readonly isLeft: (told: Told) => boolean;
};

const many = (count: number, one = "context", several = "contexts"): string =>
  count === 1 ? `1 ${one}` : `${count.toLocaleString("en")} ${several}`;

const columns =
  (...names: readonly string[]) =>
  (told: Told): string[] =>
    names.map((name) => (Array.isArray(told[name]) ? String(told[name].length) : String(told[name])));

/** Shows how far something is, whatever becomes of it. */
const showing = async <Result>(
  what: string,
  total: number,
  work: (onProgress: (done: number) => void) => Promise<Result>,
): Promise<Result> => {
  if (total === 0) return work(() => undefined);
  const progress = startProgress(what, total);
  try {
    // What is counted may have grown meanwhile.
    return await work((done) => progress.update(Math.min(done, total)));
  } finally {
    progress.finish();
  }
};

export const upgradeTask: UpgradeTask = {
  isFor: ({ upgrades }) => upgrades !== undefined,
  count: countOlder,
  tell: (name, count) => `${name}: ${many(count)} in an older schema version`,
  question: (count) => `Upgrade ${many(count)}?`,
  skip: ({ name }, outdated) => ({
    ...{ component: name, outdated, upgraded: 0, left: outdated, failed: 0, failures: [] },
  }),
  run: async (engine, component, outdated, walk, say) => {
    const { name } = component;
    const done = await showing(`Upgrading ${name}`, outdated, (onProgress) =>
      upgrade(engine, component, { ...walk, onProgress }),
    );
    for (const { tenant, message } of done.failures) say(`Tenant ${JSON.stringify(tenant)}: ${message}`);
    if (done.failed > done.failures.length) say(`${many(done.failed - done.failures.length)} more failed.`);
    if (done.left > 0) say(`${many(done.left)} were written by others again and again. Run it once more.`);
    return { component: name, outdated, ...done };
  },
  head: ["COMPONENT", "OUTDATED", "UPGRADED", "LEFT", "FAILED"],
  toRow: columns("component", "outdated", "upgraded", "left", "failed"),
  isLeft: ({ left, failed }) => left !== 0 || failed !== 0,
};

/** How many are named of those that could not be put back. */
const namedContexts = 20;

export const rollBackTask: UpgradeTask = {
  isFor: () => true,
  count: (engine, { name }, walk) => countOriginals(engine, name, walk),
  tell: (name, count) => `${name}: ${many(count, "original", "originals")} to put back`,
  question: (count) => `Put ${many(count, "original", "originals")} back?`,
  skip: ({ name }, originals) => ({ component: name, originals, restored: 0, kept: [] }),
  run: async (engine, component, originals, walk, say) => {
    const { name } = component;
    const done = await showing(`Rolling back ${name}`, originals, (onProgress) =>
      rollBackUpgrade(engine, name, { ...walk, onProgress }),
    );
    if (done.kept.length > 0)
      say(`${many(done.kept.length)} of ${name} were written since, and stay as they are:`);
    for (const { tenant, id } of done.kept.slice(0, namedContexts))
      say(`  ${JSON.stringify(id)} of tenant ${JSON.stringify(tenant)}`);
    return { component: name, originals, ...done };
  },
  head: ["COMPONENT", "ORIGINALS", "RESTORED", "KEPT"],
  toRow: columns("component", "originals", "restored", "kept"),
  isLeft: ({ kept }) => Array.isArray(kept) && kept.length > 0,
};

export const finishTask: UpgradeTask = {
  isFor: () => true,
  count: rollBackTask.count,
  tell: (name, count) => `${name}: ${many(count, "original", "originals")} to forget`,
  question: (count) =>
    `Forget ${many(count, "original", "originals")}? The upgrade cannot be rolled back then.`,
  skip: ({ name }, originals) => ({ component: name, originals, forgotten: 0 }),
  run: async (engine, component, originals, walk) => {
    const { name } = component;
    const forgotten = await showing(`Finishing ${name}`, originals, (onProgress) =>
      finishUpgrade(engine, name, { ...walk, onProgress }),
    );
    return { component: name, originals, forgotten };
  },
  head: ["COMPONENT", "ORIGINALS", "FORGOTTEN"],
  toRow: columns("component", "originals", "forgotten"),
  isLeft: () => false,
};
