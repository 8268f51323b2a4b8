import type { Command } from "commander";
import { ContextbaseError } from "../../base/errors.ts";
import { isPostgres } from "../../open.ts";
import { toRegistered } from "../../store/registered.ts";
import { fileLayout, type LayoutUpdated, updateStore } from "../../update.ts";
import { confirm } from "../confirm.ts";
import { openStore } from "../open-store.ts";
import { readSettings, type Settings, type StoreOptions } from "../settings.ts";
import { withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type UpdateOptions = StoreOptions & {
  readonly role?: string;
  readonly partitions?: number;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

type Plan = LayoutUpdated["plan"];

const details = `
Of a postgres:// store give the owner's url: its role makes the tables and owns them. The program works as another
role, which --role lets in. A file needs no update: it is taken to the newest layout whenever it is opened.

  contextbase update --url postgres://contextbase_owner@db.example.com/contextbase --role contextbase_app`;

export const addUpdate = (program: Command, terminal: Terminal): void => {
  const command = program
    .command("update")
    .description("make the tables of a PostgreSQL store, or take them to the newest layout")
    .option("--role <role>", "give this role what it needs to work in the store")
    .option("--partitions <n>", "divide new tables into so many parts, by tenant", Number)
    .option("--yes", "do not ask first")
    .option("--dry-run", "print the SQL, and change nothing")
    .option("--json", "tell what was done as JSON")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (options: UpdateOptions) => {
    const settings = await readSettings(options);
    if (isPostgres(settings.url)) await updateTables(settings, options, terminal);
    else await updateFile(settings, options, terminal);
  });
};

const updateTables = async (
  { url, components }: Settings,
  { role, partitions, yes = false, dryRun = false, json = false }: UpdateOptions,
  { print, say, signal }: Terminal,
): Promise<void> => {
  let refused = false;
  const decide = async (plan: Plan, place: string): Promise<boolean> => {
    for (const line of tellPlan(plan, place, role)) say(line);
    if (dryRun || isEmpty(plan, role)) return false;
    const agreed = yes || (await confirm("Go on?", signal));
    refused = !agreed;
    return agreed;
  };
  const { place, plan, done } = await updateStore(url, {
    role,
    partitions,
    components: components.map(toRegistered),
    confirm: decide,
  });
  if (refused) process.exitCode = 1;
  const { current, target, pending, more, sql } = plan;
  if (json) {
    const told = { place, layout: done ? target : current, newest: target, pending, more, role, done };
    await print(JSON.stringify(dryRun ? { ...told, sql: asTransaction(sql) } : told));
  } else if (dryRun) {
    if (!isEmpty(plan, role)) await print(asTransaction(sql));
  } else if (done) {
    await print(`Done: ${place} has store layout ${target}.`);
  } else {
    await print(`Nothing ${refused ? "was changed" : "to do"}: ${place} has store layout ${current}.`);
  }
};

const isEmpty = ({ pending, more }: Plan, role: string | undefined): boolean =>
  pending.length === 0 && more.length === 0 && role === undefined;

const tellPlan = (
  { current, target, pending, more }: Plan,
  place: string,
  role: string | undefined,
): string[] => [
  `${place}: store layout ${current === target ? `${current}, the newest` : `${current} → ${target}`}`,
  ...pending.map((name, index) => `  ${current + index + 1}. ${name}`),
  ...more.map((one) => `  ${one}`),
  ...(role === undefined ? [] : [`  The role ${role} is given what it needs to work in the store.`]),
];

const asTransaction = (sql: string): string => `BEGIN;\n${sql.trim()}\nCOMMIT;`;

const updateFile = async (
  settings: Settings,
  { role, partitions, dryRun, json }: UpdateOptions,
  { print, say }: Terminal,
): Promise<void> => {
  const { place, path } = settings;
  if (path === undefined) {
    const message = "A store in memory is always at the newest layout. Name one that lasts.";
    throw new ContextbaseError("invalid_argument", message);
  }
  if (role !== undefined || partitions !== undefined) {
    const message = "--role and --partitions are for postgres:// stores; a file has neither.";
    throw new ContextbaseError("invalid_argument", message);
  }
  const layout = await fileLayout();
  say("A file needs no update: it is taken to the newest layout whenever it is opened.");
  if (!dryRun) await (await openStore(settings, "fail", say)).close();
  const told = { place, ...(!dryRun && { layout }), newest: layout, pending: [], done: false };
  if (json) await print(JSON.stringify(told));
  else await print(dryRun ? `The newest layout is ${layout}.` : `${place} has store layout ${layout}.`);
};
