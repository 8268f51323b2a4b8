import { styleText } from "node:util";
import type { Component } from "../model/component.ts";
import type { Context } from "../model/context.ts";
import type { Hit, PlanStep, Snippet, Why } from "../model/searching.ts";
import { harmlessLine } from "./harmless.ts";
import type { Terminal } from "./terminal.ts";

/** What a line shows of a content that has no snippet. */
const previewCharacters = 200;

/** A snippet with its matches marked. @param mark what is done to a match */
const highlight = ({ text, marks }: Snippet, mark: (match: string) => string): string => {
  let shown = "";
  let at = 0;
  for (const [start, end] of marks) {
    shown += harmlessLine(text.slice(at, start)) + mark(harmlessLine(text.slice(start, end)));
    at = end;
  }
  return shown + harmlessLine(text.slice(at));
};

/** Boosts and age may take it far from where scores are. */
const scoreOf = (score: number, digits: number): string =>
  score === 0 || (score >= 1e-3 && score < 1e6) ? score.toFixed(digits) : score.toExponential(2);

/** Why a hit is one, in a few words. */
export const reasonsOf = ({ text, vector, recency, boost }: Why): string =>
  [
    text &&
      `text #${text.rank} (${text.score.toFixed(2)}${text.terms.length > 0 ? `: ${text.terms.join(", ")}` : ", by its neighbours"})`,
    vector && `vector #${vector.rank} (${vector.similarity.toFixed(3)})`,
    recency !== undefined && `recency × ${recency.toPrecision(2)}`,
    boost !== undefined && `boost × ${Number(boost.toPrecision(6))}`,
  ]
    .filter((reason) => typeof reason === "string")
    .join(" · ");

const previewOf = ({ content }: Context): string =>
  harmlessLine(JSON.stringify(content).slice(0, previewCharacters));

const textOf = ({ context, snippet }: Hit<Component>, mark: (match: string) => string): string =>
  snippet ? highlight(snippet, mark) : previewOf(context);

/** A line of the table: score, id, type, version and text. Neighbours have no score. */
const printRow = (terminal: Terminal, score: string, context: Context, text: string): Promise<void> =>
  terminal.print(
    [score, context.id, context.type, String(context.version), text].map(harmlessLine).join("\t"),
  );

/** A neighbour of a hit, below or above its own lines. */
const printNeighbour = (terminal: Terminal, sign: string, context: Context): Promise<void> =>
  terminal.print(styleText("dim", `   ${sign} ${harmlessLine(context.id)}  ${previewOf(context)}`));

const printForPeople = async (terminal: Terminal, hit: Hit<Component>, place: number): Promise<void> => {
  const { context, score, why, before = [], after = [] } = hit;
  const about = styleText("dim", `${harmlessLine(context.type)} v${context.version}  ${scoreOf(score, 4)}`);
  await terminal.print(`${place}. ${styleText("bold", harmlessLine(context.id))}  ${about}`);
  for (const neighbour of before) await printNeighbour(terminal, "↑", neighbour);
  await terminal.print(`   ${textOf(hit, (match) => styleText(["bold", "yellow"], match))}`);
  for (const neighbour of after) await printNeighbour(terminal, "↓", neighbour);
  await terminal.print(`   ${styleText("dim", harmlessLine(reasonsOf(why)))}`);
};

/**
 * Prints hits for people, each between its neighbours where they were asked for: on a terminal a paragraph each, with
 * the matches marked and the reasons; elsewhere a line each, with tabs between score, id, type, version and text.
 */
export const showHits = async (terminal: Terminal, hits: readonly Hit<Component>[]): Promise<void> => {
  for (const [index, hit] of hits.entries()) {
    if (process.stdout.isTTY) {
      await printForPeople(terminal, hit, index + 1);
      continue;
    }
    const { context, score, before = [], after = [] } = hit;
    for (const neighbour of before) await printRow(terminal, "", neighbour, previewOf(neighbour));
    await printRow(
      terminal,
      scoreOf(score, 5),
      context,
      textOf(hit, (match) => match),
    );
    for (const neighbour of after) await printRow(terminal, "", neighbour, previewOf(neighbour));
  }
};

/** Says how it was answered. */
export const showPlan = (terminal: Terminal, plan: readonly PlanStep[]): void => {
  for (const { part, way, path, contexts } of plan) {
    const on = path === undefined ? "" : ` ${path}`;
    const many = contexts === undefined ? "" : ` (${contexts} contexts)`;
    terminal.say(`${part}${on}: ${way}${many}`);
  }
};
