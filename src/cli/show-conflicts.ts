import { styleText } from "node:util";
import type { Json } from "../base/json.ts";
import { MergeConflictError } from "../model/merge-conflict-error.ts";
import type { MergeConflict } from "../model/merging.ts";
import { escapeControls, harmlessLine } from "./harmless.ts";
import type { Terminal } from "./terminal.ts";

/** On a screen a value that is longer is cut off. */
const shownCharacters = 500;

const shown = (value: Json | undefined): string => {
  if (value === undefined) return styleText("dim", "(nothing)", { stream: process.stderr });
  const text = escapeControls(JSON.stringify(value));
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
};

const linesOf = ({ path, base, yours, theirs }: MergeConflict): string[] => [
  styleText("bold", path === "" ? "the context" : harmlessLine(path), { stream: process.stderr }),
  `  base    ${shown(base)}`,
  `  yours   ${shown(yours)}`,
  `  theirs  ${shown(theirs)}`,
];

/** What some work comes to; where it fails because something cannot be merged, all sides of that are said first. */
export const tellingConflicts = async <Result>(
  work: Promise<Result>,
  say: Terminal["say"],
): Promise<Result> => {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof MergeConflictError) for (const line of cause.conflicts.flatMap(linesOf)) say(line);
    throw cause;
  }
};
