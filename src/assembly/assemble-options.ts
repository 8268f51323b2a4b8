import { checkOptions, checkSignal, checkWhole } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";
import type { AssembleOptions, AssemblyBudget, AssemblySource } from "./assembly.ts";
import { assemblyOrders } from "./assembly.ts";
import { checkTemplate, type Template } from "./template.ts";
import { templates } from "./templates.ts";
import { customCounter, loadTokenizer, type TokenCounter, tokenizerNames } from "./tokenizer.ts";

/** A source, checked as far as its store does not check it. */
export type CheckedSource = Omit<AssemblySource, "by" | "limit" | "weight"> & {
  readonly by: "search" | "newest";
  readonly limit: number;
  readonly weight: number;
};

/** What an assembly was asked for, checked. */
export type CheckedAssembly = {
  readonly query: string;
  readonly sources: readonly CheckedSource[];
  readonly tokens: number;
  readonly loadCounter: () => Promise<TokenCounter>;
  readonly template: Template;
  readonly order: (typeof assemblyOrders)[number];
  readonly limit: number;
  readonly duplicates: number | false;
  readonly signal: AbortSignal | undefined;
};

const known = ["query", "sources", "budget", "template", "order", "limit", "duplicates", "signal"];
const knownOfSource = ["component", "type", "where", "by", "embeddings", "limit", "widen", "weight"];

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const checkOneOf = <Name extends string>(what: string, value: unknown, names: readonly Name[]): Name => {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw invalid(`${what} is ${show(value)}. It must be one of: ${names.join(", ")}.`);
};

const checkSource = (source: AssemblySource, index: number): CheckedSource => {
  const what = `sources[${index}]`;
  checkOptions(what, source, knownOfSource);
  if (!isObject(source.component) || typeof source.component.name !== "string")
    throw invalid(`${what}.component is ${show(source.component)}. It must be a component of this store.`);
  const { by = "search", limit = limits.assemblySourceHits, weight = 1 } = source;
  if (typeof weight !== "number" || !(weight > 0) || !Number.isFinite(weight))
    throw invalid(`${what}.weight is ${show(weight)}. It must be a number above 0.`);
  checkWhole(`${what}.limit`, limit, 1, limits.searchHits);
  if (source.widen !== undefined) checkWhole(`${what}.widen`, source.widen, 0, limits.searchNeighbours);
  if (by === "newest" && source.widen)
    throw invalid(`${what}.widen goes with hits, and the newest are none. Raise its limit instead.`);
  if (by === "newest" && source.embeddings !== undefined)
    throw invalid(`${what}.embeddings is to search by, and the newest are not searched for. Leave it out.`);
  return { ...source, by: checkOneOf(`${what}.by`, by, ["search", "newest"]), limit, weight };
};

const checkSources = (sources: unknown): readonly CheckedSource[] => {
  if (!Array.isArray(sources) || sources.length === 0 || sources.length > limits.assemblySources)
    throw invalid(`sources must be an array of 1 to ${limits.assemblySources} of { component, where? }.`);
  const checked = sources.map(checkSource);
  const most = checked.reduce((sum, { limit, widen = 0 }) => sum + limit * (1 + 2 * widen), 0);
  if (most <= limits.assemblyCandidates) return checked;
  throw invalid(
    `The sources may bring ${most} contexts, more than ${limits.assemblyCandidates}. Lower their limit or widen.`,
  );
};

const checkBudget = (budget: AssemblyBudget): Pick<CheckedAssembly, "tokens" | "loadCounter"> => {
  checkOptions("budget", budget, ["tokens", "tokenizer", "count"]);
  const { tokenizer, count } = budget;
  const tokens = checkWhole("budget.tokens", budget.tokens, 1, limits.assemblyTokens);
  if (count === undefined) {
    const name = checkOneOf("budget.tokenizer", tokenizer ?? tokenizerNames[0], tokenizerNames);
    return { tokens, loadCounter: () => loadTokenizer(name) };
  }
  if (typeof count !== "function")
    throw invalid(`budget.count is ${show(count)}. It must be a function of a text.`);
  if (tokenizer !== undefined) throw invalid("Give budget.tokenizer or budget.count, not both.");
  return { tokens, loadCounter: async () => customCounter(count) };
};

const checkQuery = (query: unknown): string => {
  if (typeof query !== "string") throw invalid(`query is ${show(query)}. It must be a text.`);
  if (Buffer.byteLength(query) <= limits.queryBytes) return query;
  throw new ContextbaseError("too_large", `The query is longer than ${limits.queryBytes} bytes. Shorten it.`);
};

const checkDuplicates = (duplicates: unknown): number | false => {
  if (duplicates === false) return false;
  if (typeof duplicates === "number" && duplicates > 0 && duplicates <= 1) return duplicates;
  throw invalid(`duplicates is ${show(duplicates)}. It must be a number above 0, up to 1, or false.`);
};

/** @throws ContextbaseError invalid_argument; the signal's reason where it has fired */
export const checkAssemble = (options: AssembleOptions): CheckedAssembly => {
  checkOptions("assemble", options, known);
  const { query, signal, order = "thread", limit = limits.assemblyCandidates, duplicates = 0.8 } = options;
  checkSignal(signal);
  return {
    query: checkQuery(query),
    sources: checkSources(options.sources),
    ...checkBudget(options.budget),
    template: checkTemplate(options.template ?? templates.xml, "template"),
    order: checkOneOf("order", order, assemblyOrders),
    limit: checkWhole("limit", limit, 1, limits.assemblyCandidates),
    duplicates: checkDuplicates(duplicates),
    signal,
  };
};
