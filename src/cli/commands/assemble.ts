import { type Command, InvalidArgumentError, Option } from "commander";
import { assemble } from "../../assembly/assemble.ts";
import { assemblyOrders } from "../../assembly/assembly.ts";
import { reassemble } from "../../assembly/reassemble.ts";
import { templates } from "../../assembly/templates.ts";
import { tokenizerNames } from "../../assembly/tokenizer.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { type SourceOptions, sourcesOf, withSourceOptions } from "../assembly-sources.ts";
import { escapeControls } from "../harmless.ts";
import { readJsonFile } from "../json-option.ts";
import { wholeNumber } from "../paging.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { showAssembly, showReassembly } from "../show-assembly.ts";
import { withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type AssembleOptions = StoreOptions &
  SourceOptions & {
    readonly tokens?: number;
    readonly limit?: number;
    readonly duplicates?: number | false;
    readonly order?: (typeof assemblyOrders)[number];
    readonly template?: keyof typeof templates;
    readonly tokenizer?: (typeof tokenizerNames)[number];
    readonly receipt?: string;
    readonly json?: true;
  };

/** What a receipt knows by itself: options that do not go with it. */
const ofReceipt = [
  "component",
  "source",
  "type",
  "where",
  "by",
  "widen",
  "weight",
  "textOnly",
  "tokens",
  "limit",
  "duplicates",
  "order",
  "template",
  "tokenizer",
];

const wrongUse = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const shareOf = (text: string): number | false => {
  if (text === "none") return false;
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share <= 1) return share;
  throw new InvalidArgumentError("It must be a number above 0, up to 1, or none.");
};

const withWindowOptions = (command: Command): Command =>
  command
    .option(
      "--tokens <number>",
      `how many tokens the text may have, up to ${limits.assemblyTokens}`,
      (text) => wholeNumber(text, limits.assemblyTokens),
    )
    .option("--limit <number>", "how many contexts at most", (text) =>
      wholeNumber(text, limits.assemblyCandidates),
    )
    .option(
      "--duplicates <share>",
      "the share of word pairs that makes a text a duplicate, above 0 to 1, or none (default: 0.8)",
      shareOf,
    )
    .addOption(
      new Option("--order <order>", "how they follow each other (default: thread)").choices(assemblyOrders),
    )
    .addOption(
      new Option("--template <name>", "how they are written (default: xml)").choices(Object.keys(templates)),
    )
    .addOption(
      new Option("--tokenizer <name>", `what counts tokens (default: ${tokenizerNames[0]})`).choices(
        tokenizerNames,
      ),
    )
    .addOption(
      new Option(
        "--receipt <file>",
        "make the text again that this receipt, or what --json printed, is of",
      ).conflicts(ofReceipt),
    )
    .option("--json", "all of it on one line, with the receipt");

export const configureAssemble = (command: Command, terminal: Terminal): void => {
  withStoreOptions(withWindowOptions(withSourceOptions(command))).action(
    async (words: string[], options: AssembleOptions) => {
      const { receipt, json } = options;
      if (receipt !== undefined) return rebuild(words, { ...options, receipt }, terminal);
      const { tokens, tokenizer, template = "xml", order, limit, duplicates } = options;
      if (words.length === 0)
        throw wrongUse("There is no query. Say what the text is for; or give --receipt.");
      if (!options.component && !options.source)
        throw wrongUse("--component or --source is missing: where contexts come from.");
      if (tokens === undefined) throw wrongUse("--tokens is missing: how many tokens the text may have.");
      const settings = await readSettings(options);
      const sources = sourcesOf(settings, options);
      await withStore(settings, "fail", terminal, async (base) => {
        const assembly = await assemble(base, {
          query: words.join(" "),
          sources,
          budget: { tokens, tokenizer },
          template: templates[template],
          order,
          limit,
          duplicates,
          signal: terminal.signal,
        });
        if (json) return terminal.print(escapeControls(JSON.stringify(assembly)));
        return showAssembly(terminal, assembly, tokens);
      });
    },
  );
};

const rebuild = async (
  words: readonly string[],
  options: AssembleOptions & { readonly receipt: string },
  terminal: Terminal,
): Promise<void> => {
  if (words.length > 0) throw wrongUse("A receipt has its query. Leave the words out, or --receipt.");
  const receipt = readJsonFile(options.receipt, "--receipt");
  const settings = await readSettings(options);
  await withStore(settings, "fail", terminal, async (base) => {
    const again = await reassemble(base, receipt, { signal: terminal.signal });
    if (options.json) return terminal.print(escapeControls(JSON.stringify(again)));
    return showReassembly(terminal, again);
  });
};
