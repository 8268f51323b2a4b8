import type { Command } from "commander";
import { ContextNotFoundError } from "../../base/errors.ts";
import type { VersionEntry } from "../../model/context-store.ts";
import { type PagingOptions, showPages, withPagingOptions } from "../paging.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import { printTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type HistoryOptions = StoreOptions & PagingOptions & { readonly asOf?: string; readonly json?: true };

const head = ["VERSION", "AT", "OPERATION", "FROM", "ACTOR"];

export const configureHistory = (command: Command, terminal: Terminal): void => {
  command
    .option("--as-of <time>", "those up to that time, such as 2026-01-31T12:00:00Z")
    .option("--json", "one version a line");
  withPagingOptions(withStoreOptions(command)).action(
    async (name: string, id: string, options: HistoryOptions) => {
      const settings = await readSettings(options);
      const component = findComponent(settings, name);
      const show = async (versions: readonly VersionEntry[], first: boolean): Promise<void> => {
        if (first && versions.length === 0 && !options.cursor) throw new ContextNotFoundError(name, id);
        if (options.json) for (const version of versions) await terminal.print(JSON.stringify(version));
        else await printTable(terminal, first ? head : [], versions.map(toRow));
      };
      await withStore(settings, "fail", terminal, (base) =>
        showPages(
          options,
          terminal,
          async (page) => {
            const { versions, nextCursor } = await base
              .store(component)
              .history(id, { ...page, asOf: options.asOf, signal: terminal.signal });
            return { items: versions, nextCursor };
          },
          show,
        ),
      );
    },
  );
};

const toRow = ({ version, at, operation, parents, actor }: VersionEntry): string[] => [
  String(version),
  at.toISOString(),
  operation,
  parents.join(", "),
  actor,
];
