import type { Command } from "commander";
import { toLine, toText } from "../json-output.ts";
import { wholeNumber } from "../paging.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type GetOptions = StoreOptions & { readonly version?: number; readonly asOf?: string; readonly json?: true };

export const configureGet = (command: Command, terminal: Terminal): void => {
  command
    .option("--version <number>", "this version, rather than the current one", (text) => wholeNumber(text))
    .option("--as-of <time>", "the version current at that time, such as 2026-01-31T12:00:00Z")
    .option("--json", "on one line");
  withStoreOptions(command).action(async (name: string, id: string, options: GetOptions) => {
    const settings = await readSettings(options);
    const component = findComponent(settings, name);
    const { version, asOf } = options;
    await withStore(settings, "fail", terminal, async (base) => {
      const context = await base.store(component).getContext(id, { version, asOf, signal: terminal.signal });
      await terminal.print(options.json ? toLine(context) : toText(context));
    });
  });
};
