import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { isObject } from "../base/json.ts";
import { commands } from "./commands.ts";
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
  const loads = new Map(
    commands.map(({ usage, description, load }) => [program.command(usage).description(description), load]),
  );
  program.hook("preSubcommand", async (_, command) => {
    const configure = await loads.get(command)?.();
    configure?.(command, terminal);
  });
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
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
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
