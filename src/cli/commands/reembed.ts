import type { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { newId } from "../../base/ids.ts";
import type { Engine } from "../../engine/engine.ts";
import { countOutdated, type OutdatedCount } from "../../maintenance/outdated.ts";
import { reembed } from "../../maintenance/reembed.ts";
import type { Component } from "../../model/component.ts";
import { confirm } from "../confirm.ts";
import { currentActor, openStoreEngine } from "../open-store.ts";
import { startProgress } from "../progress.ts";
import { readSettings, type Settings, type StoreOptions } from "../settings.ts";
import { findComponent, withStoreOptions } from "../store-command.ts";
import { printTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type ReembedOptions = StoreOptions & {
  readonly tenant?: readonly string[];
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
};

/** What is known of a component: how many contexts want a vector, and what was done about it. */
type Told = OutdatedCount & { readonly component: string; readonly embedded: number; readonly left: number };

const details = `
Each context whose vector is of another model or length than contextbase.config.ts declares, or is missing, is
embedded and stored as a new version. The store can be used meanwhile. One that was cut off goes on where it ended.
Afterwards the store is opened with the new model, and no more with the old one. Of a postgres:// store give the
owner's url; another role does a tenant at a time, by --tenant.`;

const head = ["COMPONENT", "CONTEXTS", "OUTDATED", "EMBEDDED", "LEFT"];

export const configureReembed = (command: Command, terminal: Terminal): void => {
  command
    .option("--tenant <tenants...>", "only these; the store is not yet taken to the new model then")
    .option("--yes", "do not ask first")
    .option("--dry-run", "only count, and change nothing")
    .option("--json", "one component a line")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (name: string | undefined, options: ReembedOptions) => {
    const settings = await readSettings(options);
    if (settings.url === ":memory:") throw invalid("A store in memory ends with this command.");
    const components = embedding(settings, name);
    const engine = await openStoreEngine(settings, "fail", terminal.say);
    try {
      await engine.open([]);
      await reembedAll(engine, components, options, terminal);
    } finally {
      await engine.close();
    }
  });
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

/** The components that make vectors; the one that was named must. */
const embedding = (settings: Settings, name: string | undefined): Component[] => {
  const asked = name === undefined ? settings.components : [findComponent(settings, name)];
  const found = asked.filter(({ definition }) => definition.embeddings?.embed);
  if (found.length > 0) return found;
  const who = name === undefined ? "No component declares an embed." : `${name} declares no embed.`;
  throw invalid(`${who} Declare embeddings: { dimensions, model, embed }.`);
};

const reembedAll = async (
  engine: Engine,
  components: readonly Component[],
  options: ReembedOptions,
  terminal: Terminal,
): Promise<void> => {
  const { yes, dryRun, json } = options;
  const counts = new Map<Component, OutdatedCount>();
  for (const component of components)
    counts.set(component, await count(engine, component, options, terminal));
  const outdated = [...counts.values()].reduce((sum, one) => sum + one.outdated, 0);
  const refused =
    !dryRun && !yes && outdated > 0 && !(await confirm(`Embed ${tell(outdated)}?`, terminal.signal));
  const told: Told[] = [];
  for (const [component, counted] of counts) {
    const { name } = component;
    if (dryRun || refused) told.push({ component: name, ...counted, embedded: 0, left: counted.outdated });
    else told.push(await embedOne(engine, component, counted, options, terminal));
  }
  if (json) for (const one of told) await terminal.print(JSON.stringify(one));
  else await printTable(terminal, head, told.map(toRow));
  const left = told.reduce((sum, one) => sum + one.left, 0);
  if (refused || (!dryRun && left > 0)) process.exitCode = 1;
  if (!refused && !dryRun && left > 0)
    terminal.say(`${tell(left)} were changed by others again and again. Run it once more.`);
};

const tell = (contexts: number): string =>
  contexts === 1 ? "1 context" : `${contexts.toLocaleString("en")} contexts`;

const count = async (
  engine: Engine,
  component: Component,
  { tenant: tenants }: ReembedOptions,
  { say, signal }: Terminal,
): Promise<OutdatedCount> => {
  const { name, definition } = component;
  const progress = startProgress(`Looking at ${name}`);
  try {
    const walk = { signal, ...(tenants && { tenants }) };
    const counted = await countOutdated(engine, component, walk, progress.update);
    progress.finish();
    const { model, dimensions } = definition.embeddings ?? {};
    say(
      `${name}: ${tell(counted.outdated)} of ${counted.contexts.toLocaleString("en")} for ${model} (${dimensions})`,
    );
    return counted;
  } finally {
    progress.finish();
  }
};

const embedOne = async (
  engine: Engine,
  component: Component,
  counted: OutdatedCount,
  { tenant: tenants }: ReembedOptions,
  { say, signal }: Terminal,
): Promise<Told> => {
  const { name } = component;
  const progress = startProgress(`Embedding ${name}`, counted.outdated);
  try {
    const { embedded, left, noted } = await reembed(engine, component, {
      actor: currentActor(),
      clock: systemClock,
      newId,
      signal,
      ...(tenants && { tenants }),
      // What is counted may have grown meanwhile.
      onProgress: (embedded) => progress.update(Math.min(embedded, counted.outdated)),
    });
    progress.finish();
    if (!noted) say(`${name}: run it for all tenants to take the store to the new model.`);
    return { component: name, ...counted, embedded, left };
  } finally {
    progress.finish();
  }
};

const toRow = ({ component, contexts, outdated, embedded, left }: Told): string[] =>
  [component, contexts, outdated, embedded, left].map(String);
