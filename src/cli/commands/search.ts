import type { Command } from "commander";
import { limits } from "../../base/limits.ts";
import { encodeHit } from "../../model/encode-hit.ts";
import { escapeControls } from "../json-output.ts";
import { wholeNumber } from "../paging.ts";
import { parseWhere } from "../parse-where.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { showHits, showPlan } from "../show-hits.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type SearchOptions = StoreOptions & {
  readonly type?: string;
  readonly where?: string;
  readonly limit?: number;
  readonly asOf?: string;
  readonly explain?: true;
  readonly json?: true;
};

export const configureSearch = (command: Command, terminal: Terminal): void => {
  command
    .option("--type <type>", "those of this type only")
    .option("--where <json>", `those that fit a filter only, such as '{"metadata.source": "mail"}'`)
    .option(
      "--limit <number>",
      `how many, up to ${limits.searchHits} (default: ${limits.searchHitsDefault})`,
      (text) => wholeNumber(text, limits.searchHits),
    )
    .option("--as-of <time>", "what stood at that time, such as 2026-01-31T12:00:00Z")
    .option("--explain", "say how they were found")
    .option("--json", "one hit a line, whole");
  withStoreOptions(command).action(async (name: string, words: string[], options: SearchOptions) => {
    const where = parseWhere(options.where);
    const settings = await readSettings(options);
    const component = findComponent(settings, name);
    const { type, limit, asOf, explain, json } = options;
    await withStore(settings, "fail", terminal, async (base) => {
      const hits = await base.store(component).searchContexts({
        text: words.join(" "),
        type,
        where,
        limit,
        asOf,
        explain,
        signal: terminal.signal,
      });
      if (hits.plan) showPlan(terminal, hits.plan);
      if (hits.length === 0) terminal.say(`No ${name} has any of this.`);
      if (!json) return showHits(terminal, hits);
      for (const hit of hits) await terminal.print(escapeControls(JSON.stringify(encodeHit(hit))));
    });
  });
};
