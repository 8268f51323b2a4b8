import type { Assembly, ContextVersion, MissedContext, Reason, Reassembly } from "../assembly/assembly.ts";
import { harmless, harmlessLines } from "./harmless.ts";
import { reasonsOf } from "./show-hits.ts";
import type { Terminal } from "./terminal.ts";

/** Those that just missed; the others are further off. */
const shownMissed = 10;

const nameOf = ({ component, id, version }: ContextVersion): string =>
  `${component} ${JSON.stringify(id)} v${version}`;

const toldBy = ({ rank, why, neighbourOf }: Reason): string => {
  if (neighbourOf !== undefined) return `beside ${JSON.stringify(neighbourOf)}`;
  return (why && reasonsOf(why)) || `#${rank}`;
};

const whyMissed = ({ missed, tokens, duplicateOf }: MissedContext): string => {
  if (duplicateOf) return `says the same as ${nameOf(duplicateOf)}`;
  if (missed === "limit") return "beyond the limit";
  return tokens === undefined ? "larger than the budget" : `${tokens} tokens did not fit`;
};

/** A text as it is, but for what a terminal would obey. */
const printText = async (terminal: Terminal, text: string): Promise<void> => {
  const shown = process.stdout.isTTY ? harmlessLines(text) : text;
  if (shown !== "") await terminal.print(shown.replace(/\n$/, ""));
};

const countOf = ({ length }: readonly unknown[]): string =>
  `${length} ${length === 1 ? "context" : "contexts"}`;

/** Prints the text; what it is made of, and what just missed, is said beside it. */
export const showAssembly = async (
  terminal: Terminal,
  { text, items, missed, tokens }: Assembly,
  budget: number,
): Promise<void> => {
  await printText(terminal, text);
  const say = (line: string): void => terminal.say(harmless(line));
  say(`${countOf(items)}, ${tokens} of ${budget} tokens`);
  for (const item of items)
    say(`+ ${nameOf(item)}  ${item.tokens} tokens  ${item.reasons.map(toldBy).join(" · ")}`);
  for (const one of missed.slice(0, shownMissed)) say(`- ${nameOf(one)}  ${whyMissed(one)}`);
  if (missed.length > shownMissed) say(`- and ${missed.length - shownMissed} more, which --json tells`);
};

/** Prints a text that was made again; what it is made of is said beside it. */
export const showReassembly = async (
  terminal: Terminal,
  { text, items, tokens }: Reassembly,
): Promise<void> => {
  await printText(terminal, text);
  terminal.say(`${countOf(items)}, ${tokens} tokens, made again`);
  for (const item of items) terminal.say(harmless(`+ ${nameOf(item)}`));
};
