import { styleText } from "node:util";
import type { Component } from "../model/component.ts";
import type { Hit, PlanStep, Snippet, Why } from "../model/searching.ts";
import type { Terminal } from "./terminal.ts";

/** What a line shows of a content that has no snippet. */
const previewCharacters = 200;

/** What is stored may hold sequences that a terminal obeys, and breaks of lines. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, " ");

/** A snippet with its matches marked. @param mark what is done to a match */
const highlight = ({ text, marks }: Snippet, mark: (match: string) => string): string => {
  let shown = "";
  let at = 0;
  for (const [start, end] of marks) {
    shown += plain(text.slice(at, start)) + mark(plain(text.slice(start, end)));
    at = end;
  }
  return shown + plain(text.slice(at));
};

/** Why a hit is one, in a few words. */
export const reasonsOf = ({ text, vector, recency, boost }: Why): string =>
  [
    text &&
      `text #${text.rank} (${text.score.toFixed(2)}${text.terms.length > 0 ? `: ${text.terms.join(", ")}` : ", by its neighbours"})`,
    vector && `vector #${vector.rank} (${vector.similarity.toFixed(3)})`,
    recency !== undefined && `recency × ${recency.toFixed(2)}`,
    boost !== undefined && `boost × ${boost}`,
  ]
    .filter((reason) => typeof reason === "string")
    .join(" · ");

const textOf = ({ context, snippet }: Hit<Component>, mark: (match: string) => string): string =>
  snippet ? highlight(snippet, mark) : plain(JSON.stringify(context.content).slice(0, previewCharacters));

/**
 * Prints hits for people: on a terminal a paragraph each, with the matches marked and the reasons; elsewhere a line
 * each, with tabs between score, id, type, version and text.
 */
export const showHits = async (terminal: Terminal, hits: readonly Hit<Component>[]): Promise<void> => {
  for (const [index, hit] of hits.entries()) {
    const { context, score, why } = hit;
    const { id, type, version } = context;
    if (!process.stdout.isTTY) {
      const cells = [score.toFixed(5), id, type, String(version), textOf(hit, (match) => match)];
      await terminal.print(cells.map(plain).join("\t"));
      continue;
    }
    const about = styleText("dim", `${plain(type)} v${version}  ${score.toFixed(4)}`);
    await terminal.print(`${index + 1}. ${styleText("bold", plain(id))}  ${about}`);
    await terminal.print(`   ${textOf(hit, (match) => styleText(["bold", "yellow"], match))}`);
    await terminal.print(`   ${styleText("dim", plain(reasonsOf(why)))}`);
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
