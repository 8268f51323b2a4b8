import type { Assembly, ContextVersion, MissedContext, Reason } from "../assembly/assembly.ts";
import { reasonsOf } from "./show-hits.ts";
import type { Terminal } from "./terminal.ts";

/** What is stored may hold sequences that a terminal obeys; lines and tabs are let through. */
const harmless = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]/gu, "·");

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

/** Prints the text; what it is made of, and what just missed, is said beside it. */
export const showAssembly = async (
  terminal: Terminal,
  { text, items, missed, tokens }: Assembly,
  budget: number,
): Promise<void> => {
  const shown = process.stdout.isTTY ? harmless(text) : text;
  if (shown !== "") await terminal.print(shown.replace(/\n$/, ""));
  const say = (line: string): void => terminal.say(harmless(line).replaceAll("\n", "·"));
  say(`${items.length} ${items.length === 1 ? "context" : "contexts"}, ${tokens} of ${budget} tokens`);
  for (const item of items)
    say(`+ ${nameOf(item)}  ${item.tokens} tokens  ${item.reasons.map(toldBy).join(" · ")}`);
  for (const one of missed.slice(0, shownMissed)) say(`- ${nameOf(one)}  ${whyMissed(one)}`);
  if (missed.length > shownMissed) say(`- and ${missed.length - shownMissed} more, which --json tells`);
};
