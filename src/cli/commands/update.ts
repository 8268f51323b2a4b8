import type { Command } from "commander";
import { ContextbaseError } from "../../base/errors.ts";
import { isPostgres } from "../../engine/is-postgres.ts";
import { toRegistered } from "../../store/registered.ts";
import { type LayoutUpdated, updateStore } from "../../update.ts";
import { confirm } from "../confirm.ts";
import { readSettings, type Settings, type StoreOptions } from "../settings.ts";
import { withStoreOptions } from "../store-command.ts";
import { tellPlan, toFields, toSql } from "../tell-layout.ts";
import type { Terminal } from "../terminal.ts";
import { updateStoreFile } from "../update-file.ts";

type UpdateOptions = StoreOptions & {
  readonly role?: string;
  readonly partitions?: number;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

type Plan = LayoutUpdated["plan"];

const details = `
Each migration is a transaction of its own; --dry-run shows them, and changes nothing.
Of a postgres:// store give the owner's url: its role makes the tables and owns them. The program works as another
role, which --role lets in. A file is taken to the newest layout by whatever opens it, too.

  contextbase update --url postgres://contextbase_owner@db.example.com/contextbase --role contextbase_app`;

export const configureUpdate = (command: Command, terminal: Terminal): void => {
  command
    .option("--role <role>", "give this role what it needs to work in the store")
    .option("--partitions <n>", "divide new tables into so many parts, by tenant", Number)
    .option("--yes", "do not ask first")
    .option("--dry-run", "print the SQL, and change nothing")
    .option("--json", "tell what was done as JSON")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (options: UpdateOptions) => {
    const settings = await readSettings(options);
    if (isPostgres(settings.url)) await updateTables(settings, options, terminal);
    else await updateOther(settings, options, terminal);
  });
};

const updateTables = async (
  { url, components }: Settings,
  { role, partitions, yes = false, dryRun = false, json = false }: UpdateOptions,
  { print, say, signal }: Terminal,
): Promise<void> => {
  let refused = false;
  const decide = async (plan: Plan, place: string): Promise<boolean> => {
    for (const line of [...tellPlan(plan, place), ...tellRole(role)]) say(line);
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
  if (json) {
    await print(JSON.stringify({ place, ...toFields(plan, { done, dryRun }), role }));
  } else if (dryRun) {
    if (!isEmpty(plan, role)) await print(toSql(plan));
  } else if (done) {
    await print(`Done: ${place} has store layout ${plan.target}.`);
  } else {
    await print(`Nothing ${refused ? "was changed" : "to do"}: ${place} has store layout ${plan.current}.`);
  }
};

const isEmpty = ({ pending, more }: Plan, role: string | undefined): boolean =>
  pending.length === 0 && more.length === 0 && role === undefined;

const tellRole = (role: string | undefined): string[] =>
  role === undefined ? [] : [`  The role ${role} is given what it needs to work in the store.`];

const updateOther = async (
  settings: Settings,
  { role, partitions, dryRun = false, json = false }: UpdateOptions,
  terminal: Terminal,
): Promise<void> => {
  if (role === undefined && partitions === undefined) {
    return updateStoreFile(settings, { dryRun, json }, terminal);
  }
  const message = "--role and --partitions are for postgres:// stores; a file has neither.";
  throw new ContextbaseError("invalid_argument", message);
};
