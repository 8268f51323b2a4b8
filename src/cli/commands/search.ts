import { type Command, Option } from "commander";
import { limits } from "../../base/limits.ts";
import { encodeHit } from "../../model/encode-hit.ts";
import { escapeControls } from "../harmless.ts";
import { wholeNumber } from "../paging.ts";
import { parseWhere } from "../parse-where.ts";
import { halfLifeOf, parseBoost, parseEmbeddings } from "../search-options.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { showHits, showPlan } from "../show-hits.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type SearchOptions = StoreOptions & {
  readonly embeddings?: string;
  readonly textOnly?: true;
  readonly type?: string;
  readonly where?: string;
  readonly limit?: number;
  readonly widen?: number;
  readonly halfLife?: number;
  readonly boost?: string;
  readonly asOf?: string;
  readonly explain?: true;
  readonly json?: true;
};

export const configureSearch = (command: Command, terminal: Terminal): void => {
  command
    .option("--embeddings <json>", "a vector to search by, too, such as '[0.1, 0.9]', or @ and its file")
    .addOption(
      new Option("--text-only", "by text alone, although the component embeds").conflicts("embeddings"),
    )
    .option("--type <type>", "those of this type only")
    .option(
      "--where <json>",
      `those that fit a filter only, such as '{"metadata.source": "mail"}', or @ and its file`,
    )
    .option(
      "--limit <number>",
      `how many, up to ${limits.searchHits} (default: ${limits.searchHitsDefault})`,
      (text) => wholeNumber(text, limits.searchHits),
    )
    .option(
      "--widen <number>",
      `how many neighbours in its thread each brings, before it and after it, up to ${limits.searchNeighbours}`,
      (text) => wholeNumber(text, limits.searchNeighbours),
    )
    .option(
      "--half-life <time>",
      "what is this much older counts half: '7 days', or milliseconds",
      halfLifeOf,
    )
    .option(
      "--boost <json>",
      `what those that fit a filter count, such as '[{"where": {"type": "faq"}, "factor": 2}]', or @ and its file`,
    )
    .option("--as-of <time>", "what stood at that time, such as 2026-01-31T12:00:00Z")
    .option("--explain", "say how they were found")
    .option("--json", "one hit a line, whole");
  withStoreOptions(command).action(async (name: string, words: string[], options: SearchOptions) => {
    const { type, limit, widen, halfLife, asOf, explain, json, textOnly } = options;
    const asked = {
      text: words.length === 0 ? undefined : words.join(" "),
      embeddings: textOnly ? [] : parseEmbeddings(options.embeddings),
      where: parseWhere(options.where),
      boost: parseBoost(options.boost),
    };
    const settings = await readSettings(options);
    const component = findComponent(settings, name);
    await withStore(settings, "fail", terminal, async (base) => {
      const { signal } = terminal;
      const hits = await base
        .store(component)
        .searchContexts({ ...asked, type, limit, widen, halfLife, asOf, explain, signal });
      if (hits.plan) showPlan(terminal, hits.plan);
      if (hits.length === 0) terminal.say(`No ${name} has any of this.`);
      if (!json) return showHits(terminal, hits);
      for (const hit of hits) await terminal.print(escapeControls(JSON.stringify(encodeHit(hit))));
    });
  });
};
