import type { Command } from "commander";
import type { Context } from "../../model/context.ts";
import { orderOfText } from "../../model/order-text.ts";
import { toLine } from "../json-output.ts";
import { type PagingOptions, showPages, withPagingOptions } from "../paging.ts";
import { parseWhere } from "../parse-where.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { showPlan } from "../show-hits.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import { printTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

type ListOptions = StoreOptions &
  PagingOptions & {
    readonly type?: string;
    readonly where?: string;
    readonly orderBy?: string;
    readonly asOf?: string;
    readonly explain?: true;
    readonly count?: true;
    readonly json?: true;
  };

const head = ["ID", "TYPE", "VERSION", "UPDATED", "CONTENT"];

/** What a row shows of a content; a terminal cuts it off much earlier. */
const previewCharacters = 200;

export const configureList = (command: Command, terminal: Terminal): void => {
  command
    .option("--type <type>", "those of this type only")
    .option(
      "--where <json>",
      `those that fit a filter only, such as '{"metadata.source": "mail"}', or @ and its file`,
    )
    .option("--order-by <path[:desc]>", "by what stands at a path, such as metadata.due:desc")
    .option("--as-of <time>", "what stood at that time, such as 2026-01-31T12:00:00Z")
    .option("--explain", "say how they were found")
    .option("--count", "say how many there are, and list none")
    .option("--json", "one context a line, whole");
  withPagingOptions(withStoreOptions(command)).action(async (name: string, options: ListOptions) => {
    const where = parseWhere(options.where);
    const orderBy = options.orderBy === undefined ? undefined : orderOfText(options.orderBy);
    const settings = await readSettings(options);
    const component = findComponent(settings, name);
    const { type, asOf, explain, count, json } = options;
    const show = async (contexts: readonly Context[], first: boolean): Promise<void> => {
      if (json) for (const context of contexts) await terminal.print(toLine(context));
      else if (contexts.length > 0) await printTable(terminal, first ? head : [], contexts.map(toRow));
      else if (first) terminal.say(nothing(name, type, where !== undefined));
    };
    await withStore(settings, "fail", terminal, async (base) => {
      if (count) {
        const counted = { type, where, asOf, signal: terminal.signal };
        const number = await base.store(component).countContexts(counted);
        return terminal.print(String(number));
      }
      return showPages(
        options,
        terminal,
        async (page) => {
          const { contexts, nextCursor, plan } = await base
            .store(component)
            .listContexts({ type, where, orderBy, asOf, explain, ...page, signal: terminal.signal });
          if (plan && page.cursor === options.cursor) showPlan(terminal, plan);
          return { items: contexts, nextCursor };
        },
        show,
      );
    });
  });
};

const nothing = (name: string, type: string | undefined, filtered: boolean): string =>
  `There is no ${name}${type === undefined ? "" : ` of type ${type}`}${filtered ? " that fits" : ""}.`;

const toRow = ({ id, type, version, updatedAt, content }: Context): string[] => [
  id,
  type,
  String(version),
  updatedAt.toISOString(),
  JSON.stringify(content).slice(0, previewCharacters),
];
