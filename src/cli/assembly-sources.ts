import { type Command, InvalidArgumentError, Option } from "commander";
import type { AssemblySource } from "../assembly/assembly.ts";
import { isNamedSource } from "../assembly/named-source.ts";
import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { readJsonOption } from "./json-option.ts";
import { wholeNumber } from "./paging.ts";
import { parseWhere } from "./parse-where.ts";
import type { Settings } from "./settings.ts";
import { findComponent } from "./store-command.ts";

/** What the options of `assemble` say of where contexts come from. */
export type SourceOptions = {
  readonly component?: readonly string[];
  readonly source?: readonly string[];
  readonly type?: string;
  readonly where?: string;
  readonly by?: "search" | "newest";
  readonly widen?: number;
  readonly weight?: number;
  readonly textOnly?: true;
};

/** For options that may be given several times. */
const collect = (value: string, values: readonly string[] = []): readonly string[] => [...values, value];

/** For an option's value; commander tells which option it was. */
const weightOf = (text: string): number => {
  const weight = Number(text);
  if (text.trim() !== "" && weight > 0 && Number.isFinite(weight)) return weight;
  throw new InvalidArgumentError("It must be a number above 0.");
};

/** Adds the options that say where contexts come from. */
export const withSourceOptions = (command: Command): Command =>
  command
    .option("--component <name>", "a component that is searched; may be given several times", collect)
    .option(
      "--source <json>",
      `the same with options of its own, such as '{"component": "Turn", "by": "newest", "limit": 10}', or @ and its file`,
      collect,
    )
    .option("--type <type>", "of each --component, those of this type only")
    .option(
      "--where <json>",
      `of each --component, those that fit a filter only, such as '{"metadata.source": "mail"}', or @ and its file`,
    )
    .addOption(
      new Option("--by <way>", "what each --component brings: what the query finds, or the newest").choices([
        "search",
        "newest",
      ]),
    )
    .option("--text-only", "search each --component by text alone, although it embeds")
    .option(
      "--widen <number>",
      `how many neighbours in its thread each hit brings, before it and after it, up to ${limits.searchNeighbours}`,
      (text) => wholeNumber(text, limits.searchNeighbours),
    )
    .option(
      "--weight <number>",
      "what each --component counts for beside each --source (default: 1)",
      weightOf,
    );

const readSource = (settings: Settings, text: string): AssemblySource => {
  const source = readJsonOption(text, "--source");
  if (isNamedSource(source)) return { ...source, component: findComponent(settings, source.component) };
  const message = `--source must be a JSON object with a component, such as '{"component": "Turn", "by": "newest", "limit": 10}'.`;
  throw new ContextbaseError("invalid_argument", message);
};

/**
 * The components that were named, all with the same options, and then the sources that were given whole.
 * @throws ContextbaseError unknown_component, invalid_json, invalid_argument
 */
export const sourcesOf = (settings: Settings, options: SourceOptions): AssemblySource[] => {
  const { component: names = [], source: sources = [], type, by, widen, weight } = options;
  const where = parseWhere(options.where);
  const embeddings = options.textOnly ? [] : undefined;
  return [
    ...names.map((name) => ({
      component: findComponent(settings, name),
      type,
      where,
      by,
      embeddings,
      widen,
      weight,
    })),
    ...sources.map((text) => readSource(settings, text)),
  ];
};
