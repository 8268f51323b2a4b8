import type { Command } from "commander";
import type { Context } from "../../model/context.ts";
import { toLine } from "../json-output.ts";
import { type PagingOptions, showPages, withPagingOptions } from "../paging.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import { printTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type ListOptions = StoreOptions & PagingOptions & { readonly type?: string; readonly json?: true };

const head = ["ID", "TYPE", "VERSION", "UPDATED", "CONTENT"];

/** What a row shows of a content; a terminal cuts it off much earlier. */
const previewCharacters = 200;

export const addList = (program: Command, terminal: Terminal): void => {
  const command = program
    .command("list <component>")
    .description("list contexts, newest first")
    .option("--type <type>", "those of this type only")
    .option("--json", "one context a line, whole");
  withPagingOptions(withStoreOptions(command)).action(async (name: string, options: ListOptions) => {
    const settings = await readSettings(options);
    const component = findComponent(settings, name);
    const { type, json } = options;
    const show = async (contexts: readonly Context[], first: boolean): Promise<void> => {
      if (json) for (const context of contexts) await terminal.print(toLine(context));
      else if (contexts.length > 0) await printTable(terminal, first ? head : [], contexts.map(toRow));
      else if (first) terminal.say(`There is no ${name}${type === undefined ? "" : ` of type ${type}`}.`);
    };
    await withStore(settings, "fail", terminal, (base) =>
      showPages(
        options,
        terminal,
        async (page) => {
          const { contexts, nextCursor } = await base
            .store(component)
            .listContexts({ type, ...page, signal: terminal.signal });
          return { items: contexts, nextCursor };
        },
        show,
      ),
    );
  });
};

const toRow = ({ id, type, version, updatedAt, content }: Context): string[] => [
  id,
  type,
  String(version),
  updatedAt.toISOString(),
  JSON.stringify(content).slice(0, previewCharacters),
];
