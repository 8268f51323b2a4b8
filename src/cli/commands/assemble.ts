import { type Command, Option } from "commander";
import { assemble } from "../../assembly/assemble.ts";
import { assemblyOrders } from "../../assembly/assembly.ts";
import { templates } from "../../assembly/templates.ts";
import { tokenizerNames } from "../../assembly/tokenizer.ts";
import { limits } from "../../base/limits.ts";
import { wholeNumber } from "../paging.ts";
import { parseWhere } from "../parse-where.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { showAssembly } from "../show-assembly.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type AssembleOptions = StoreOptions & {
  readonly component: readonly string[];
  readonly tokens: number;
  readonly type?: string;
  readonly where?: string;
  readonly limit?: number;
  readonly order?: (typeof assemblyOrders)[number];
  readonly template: keyof typeof templates;
  readonly tokenizer?: (typeof tokenizerNames)[number];
  readonly json?: true;
};

const collect = (name: string, names: readonly string[] = []): readonly string[] => [...names, name];

export const configureAssemble = (command: Command, terminal: Terminal): void => {
  command
    .requiredOption("--component <name>", "a component that is searched; may be given several times", collect)
    .requiredOption(
      "--tokens <number>",
      `how many tokens the text may have, up to ${limits.assemblyTokens}`,
      (text) => wholeNumber(text, limits.assemblyTokens),
    )
    .option("--type <type>", "those of this type only")
    .option("--where <json>", `those that fit a filter only, such as '{"metadata.source": "mail"}'`)
    .option("--limit <number>", "how many contexts at most", (text) =>
      wholeNumber(text, limits.assemblyCandidates),
    )
    .addOption(new Option("--order <order>", "how they follow each other").choices(assemblyOrders))
    .addOption(
      new Option("--template <name>", "how they are written").choices(Object.keys(templates)).default("xml"),
    )
    .addOption(new Option("--tokenizer <name>", "what counts tokens").choices(tokenizerNames))
    .option("--json", "all of it on one line, with the receipt");
  withStoreOptions(command).action(async (words: string[], options: AssembleOptions) => {
    const where = parseWhere(options.where);
    const settings = await readSettings(options);
    const { component: names, tokens, type, limit, order, template, tokenizer, json } = options;
    const sources = names.map((name) => ({ component: findComponent(settings, name), type, where }));
    await withStore(settings, "fail", terminal, async (base) => {
      const assembly = await assemble(base, {
        query: words.join(" "),
        sources,
        budget: { tokens, tokenizer },
        template: templates[template],
        order,
        limit,
        signal: terminal.signal,
      });
      if (json) return terminal.print(JSON.stringify(assembly));
      return showAssembly(terminal, assembly, tokens);
    });
  });
};
