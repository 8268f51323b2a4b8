import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { isObject } from "../base/json.ts";
import { addAssemble } from "./commands/assemble.ts";
import { addCheck } from "./commands/check.ts";
import { addDiff } from "./commands/diff.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExport } from "./commands/export.ts";
import { addGet } from "./commands/get.ts";
import { addHistory } from "./commands/history.ts";
import { addImport } from "./commands/import.ts";
import { addList } from "./commands/list.ts";
import { addMove } from "./commands/move.ts";
import { addNew } from "./commands/new.ts";
import { addPrune } from "./commands/prune.ts";
import { addPut } from "./commands/put.ts";
import { addReembed } from "./commands/reembed.ts";
import { addRevert } from "./commands/revert.ts";
import { addSearch } from "./commands/search.ts";
import { addServe } from "./commands/serve.ts";
import { addUpdate } from "./commands/update.ts";
import { addUpgrade } from "./commands/upgrade.ts";
import { addWatch } from "./commands/watch.ts";
import { reportError } from "./report-error.ts";
import { createTerminal } from "./terminal.ts";

const exitUsage = 2;

/**
 * The command line.
 * @param words what stands behind `contextbase`
 * @returns the exit code: 0, 1, 2 for a wrong use, or 128 and a signal's number
 */
export const main = async (words: readonly string[]): Promise<number> => {
  const terminal = createTerminal();
  const program = createProgram();
  for (const add of [
    addNew,
    addPut,
    addGet,
    addList,
    addSearch,
    addAssemble,
    addHistory,
    addDiff,
    addRevert,
    addWatch,
    addImport,
    addExport,
    addMove,
    addUpdate,
    addReembed,
    addUpgrade,
    addPrune,
    addServe,
    addDoctor,
    addCheck,
  ]) {
    add(program, terminal);
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : exitUsage;
    return reportError(cause, terminal);
  }
};

const createProgram = (): Command =>
  new Command("contextbase")
    .description("A typed, versioned, encrypted context store.")
    .version(packageVersion(), "-V, --version")
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (message, write) => write(message.replace("\n(", " (")) })
    .exitOverride()
    .addHelpText(
      "after",
      `
The store: --url, else CONTEXTBASE_URL, else contextbase.config.ts, else file:./data/contexts.db.
Its key, where it is a file: --key-file, else CONTEXTBASE_KEY or CONTEXTBASE_KEY_FILE, else the configuration, else beside the store.`,
    );

const packageVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return isObject(manifest) ? String(manifest.version) : "";
};
