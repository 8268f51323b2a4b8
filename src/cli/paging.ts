import { type Command, InvalidArgumentError } from "commander";
import { limits } from "../base/limits.ts";
import type { Terminal } from "./terminal.ts";

export type PagingOptions = { readonly limit?: number; readonly cursor?: string; readonly all?: true };

export const withPagingOptions = (command: Command): Command =>
  command
    .option(
      "--limit <number>",
      `how many, up to ${limits.pageItems} (default: ${limits.pageItemsDefault})`,
      (text) => wholeNumber(text, limits.pageItems),
    )
    .option("--cursor <cursor>", "where the page before ended")
    .option("--all", "all of them, however many");

/** For an option's value; commander tells which option it was. */
export const wholeNumber = (text: string, most: number = Number.MAX_SAFE_INTEGER): number => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new InvalidArgumentError(
    most === Number.MAX_SAFE_INTEGER
      ? "It must be a whole number from 1."
      : `It must be a whole number from 1 to ${most}.`,
  );
};

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor?: string | undefined };

/** Shows one page, or all of them one after another, and says how to go on where something is left. */
export const showPages = async <Item>(
  { limit, cursor, all }: PagingOptions,
  terminal: Terminal,
  read: (page: { limit?: number; cursor?: string }) => Promise<Page<Item>>,
  show: (items: readonly Item[], first: boolean) => Promise<void>,
): Promise<void> => {
  let at = cursor;
  let first = true;
  do {
    const size = all ? limits.pageItems : limit;
    const page = await read({ ...(size && { limit: size }), ...(at && { cursor: at }) });
    await show(page.items, first);
    at = page.nextCursor;
    first = false;
  } while (all && at !== undefined);
  if (at !== undefined) terminal.say(`There are more: --cursor ${at}, or --all`);
};
