import type { Command } from "commander";
import { ContextbaseError } from "../../base/errors.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { confirm } from "../confirm.ts";
import { openStoreEngine } from "../open-store.ts";
import { readSettings, type Settings, type StoreOptions } from "../settings.ts";
import { findComponent, withStoreOptions } from "../store-command.ts";
import { printTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { finishTask, rollBackTask, type Told, type UpgradeTask, upgradeTask } from "../upgrade-tasks.ts";

type UpgradeOptions = StoreOptions & {
  readonly tenant?: readonly string[];
  readonly rollback?: true;
  readonly finish?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
};

const details = `
Each context that is stored in an older schema version than contextbase.config.ts declares is rewritten by the
component's upgrades, as the version that it is: versions, times and the change log stay, and watchers see nothing.
The store can be used meanwhile, also by programs that know the schema before; those meet what is rewritten as
newer_schema. One that was cut off goes on where it ended. What stood is kept until --finish: until then --rollback
puts it back. Of a postgres:// store give the owner's url; another role does a tenant at a time, by --tenant.`;

export const configureUpgrade = (command: Command, terminal: Terminal): void => {
  command
    .option("--rollback", "put back what stood before")
    .option("--finish", "forget what stood before: it cannot be put back any more")
    .option("--tenant <tenants...>", "only these")
    .option("--yes", "do not ask first")
    .option("--dry-run", "only count, and change nothing")
    .option("--json", "one component a line")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (names: readonly string[], options: UpgradeOptions) => {
    const settings = await readSettings(options);
    if (settings.url === ":memory:") throw invalid("A store in memory ends with this command.");
    if (options.rollback && options.finish) throw invalid("--rollback and --finish exclude each other.");
    const task = options.rollback ? rollBackTask : options.finish ? finishTask : upgradeTask;
    const components = componentsOf(settings, names, task);
    const engine = await openStoreEngine(settings, "fail", terminal.say);
    try {
      await engine.open([]);
      await perform(engine, task, components, options, terminal);
    } finally {
      await engine.close();
    }
  });
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

/** Those that were named, or all that the task is for; those that were named must be. */
const componentsOf = (settings: Settings, names: readonly string[], task: UpgradeTask): Component[] => {
  const asked = names.length === 0 ? settings.components : names.map((name) => findComponent(settings, name));
  const found = asked.filter(task.isFor);
  const other = names.length === 0 ? undefined : asked.find((component) => !task.isFor(component));
  if (other) throw invalid(`${other.name} declares no upgrades. Declare upgrades: { 2: … } with its schema.`);
  if (found.length === 0) throw invalid("No component declares upgrades.");
  return found;
};

const perform = async (
  engine: Engine,
  task: UpgradeTask,
  components: readonly Component[],
  { tenant: tenants, yes, dryRun, json }: UpgradeOptions,
  terminal: Terminal,
): Promise<void> => {
  const { say, signal } = terminal;
  const walk = { signal, ...(tenants && { tenants }) };
  const counted: { readonly component: Component; readonly count: number }[] = [];
  for (const component of components) {
    const count = await task.count(engine, component, walk);
    say(task.tell(component.name, count));
    counted.push({ component, count });
  }
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const refused = !dryRun && !yes && total > 0 && !(await confirm(task.question(total), signal));
  const told: Told[] = [];
  for (const { component, count } of counted) {
    const skips = dryRun || refused;
    told.push(skips ? task.skip(component, count) : await task.run(engine, component, count, walk, say));
  }
  if (json) for (const one of told) await terminal.print(JSON.stringify(one));
  else await printTable(terminal, task.head, told.map(task.toRow));
  if (refused || (!dryRun && told.some(task.isLeft))) process.exitCode = 1;
};
