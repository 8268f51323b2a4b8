import type { Command } from "commander";
import { ContextbaseError } from "../../base/errors.ts";
import type { ContextbaseView } from "../../store/contextbase.ts";
import type { Undone, UndoTarget } from "../../store/undo/undoing.ts";
import { confirm } from "../confirm.ts";
import { escapeControls } from "../harmless.ts";
import { wholeNumber } from "../paging.ts";
import { readSettings, type Settings, type StoreOptions } from "../settings.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import { printTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type RevertOptions = StoreOptions & {
  readonly to?: number;
  readonly write?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly until?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
};

const details = `
One context goes back to an earlier version of it, by --to. Or all that one write did is taken back, by --write, or
all that one actor did since a time, by --actor and --since: every context that was touched is again as it was before,
and is deleted where it was not there before. What others changed since is left as it is. Whatever is done makes new
versions, so that it can be taken back, too. It is shown first, and asked for.

  contextbase revert Customer c1 --to 2
  contextbase revert --write 0198c2f1-7b1e-7c3d-9d2a-5f7f0c7e4a11
  contextbase revert --actor importer --since 2026-01-31T12:00:00Z --dry-run`;

const head = ["COMPONENT", "ID", "FROM", "TO"];

export const configureRevert = (command: Command, terminal: Terminal): void => {
  command
    .option("--to <number>", "the version that the context goes back to", (text) => wholeNumber(text))
    .option("--write <write>", "take back all that this write did")
    .option("--actor <actor>", "take back what this actor did")
    .option("--since <time>", "from this time on, such as 2026-01-31T12:00:00Z")
    .option("--until <time>", "up to this time (default: now)")
    .option("--dry-run", "only show what would be taken back")
    .option("--yes", "do not ask first")
    .option("--json", "tell what was done as JSON")
    .addHelpText("after", details);
  withStoreOptions(command).action(
    async (name: string | undefined, id: string | undefined, options: RevertOptions) => {
      const target = targetOf(name, id, options);
      const settings = await readSettings(options);
      if ("to" in target) await revertOne(settings, target, options, terminal);
      else await withStore(settings, "fail", terminal, (base) => undo(base, target, options, terminal));
    },
  );
};

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

type One = { readonly name: string; readonly id: string; readonly to: number };

/** @throws ContextbaseError invalid_argument where it is not exactly one thing */
const targetOf = (
  name: string | undefined,
  id: string | undefined,
  { to, write, actor, since, until, dryRun }: RevertOptions,
): One | UndoTarget => {
  const ways = [name ?? to, write, actor ?? since ?? until].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw invalid("Give a component, an id and --to; or --write; or --actor and --since: one of these.");
  if (write !== undefined) return { write };
  if (name === undefined && to === undefined) {
    if (actor === undefined || since === undefined) throw invalid("Give both --actor and --since.");
    return { actor, since, until };
  }
  if (name === undefined || id === undefined || to === undefined)
    throw invalid("Give a component, an id, and the version to go back to by --to.");
  if (dryRun) throw invalid("For one context, contextbase diff shows what a version is like.");
  return { name, id, to };
};

const revertOne = async (
  settings: Settings,
  { name, id, to }: One,
  { json }: RevertOptions,
  terminal: Terminal,
): Promise<void> => {
  const component = findComponent(settings, name);
  await withStore(settings, "fail", terminal, async (base) => {
    const { version } = await base.store(component).revertContext(id, to, { signal: terminal.signal });
    const said = `${name} ${escapeControls(JSON.stringify(id))} is version ${version}, as it was as version ${to}.`;
    await terminal.print(json ? escapeControls(JSON.stringify({ component: name, id, version, to })) : said);
  });
};

const undo = async (
  base: ContextbaseView,
  target: UndoTarget,
  { dryRun, yes, json }: RevertOptions,
  terminal: Terminal,
): Promise<void> => {
  const { signal } = terminal;
  if (dryRun || !yes) {
    const plan = await base.undo(target, { dryRun: true, signal });
    if (dryRun || plan.undone.length === 0) return show(plan, json, terminal);
    await show(plan, undefined, { ...terminal, print: async (line) => terminal.say(line) });
    if (!(await confirm(`Take back ${count(plan.undone)}?`, signal))) {
      process.exitCode = 1;
      return;
    }
  }
  const done = await base.undo(target, { signal });
  if (json) return terminal.print(escapeControls(JSON.stringify(done)));
  if (yes) await show(done, undefined, terminal);
  const [write] = done.writes;
  if (write === undefined) return;
  const others = done.writes.length > 1 ? ` and ${done.writes.length - 1} more` : "";
  terminal.say(
    `Took back ${count(done.undone)}, by the write ${write}${others}. It can be taken back itself.`,
  );
};

const count = ({ length }: readonly unknown[]): string =>
  length === 1 ? "1 context" : `${length.toLocaleString("en")} contexts`;

const show = async (
  { undone, skipped, ...rest }: Undone,
  json: true | undefined,
  terminal: Terminal,
): Promise<void> => {
  if (json) return terminal.print(escapeControls(JSON.stringify({ undone, skipped, ...rest })));
  const rows = undone.map(({ component, id, from, to }) => [
    component,
    id,
    String(from),
    to === 0 ? "deleted" : String(to),
  ]);
  if (rows.length > 0) await printTable(terminal, head, rows);
  else terminal.say("There is nothing to take back.");
  for (const { component, id, message } of skipped)
    terminal.say(`left as it is: ${component} ${escapeControls(JSON.stringify(id))}: ${message}`);
};
