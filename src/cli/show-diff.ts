import { styleText } from "node:util";
import type { Json } from "../base/json.ts";
import type { EmbeddingsDiff } from "../model/context-diff.ts";
import { compareWords, type TextPart } from "../versioning/compare-words.ts";
import type { Difference } from "../versioning/differences.ts";
import { escapeControls, harmless } from "./harmless.ts";
import { prettyJson } from "./pretty-json.ts";
import { type Piece, wrap } from "./wrap.ts";

/** How wide a line may be, and how many lines one value may take; infinite where nobody reads it on a screen. */
export type DiffSize = { readonly width: number; readonly lines: number };

const indent = "    ";
/** So much of an unchanged text is shown before and behind a change. */
const contextCharacters = 32;
/** A change that is longer does not stand on the line of its path, however wide that is. */
const inlineCharacters = 100;
/** Texts that have less than this in common are shown whole, the old and the new one. */
const commonShare = 0.3;

const red = (text: string): string => styleText("red", text);
const green = (text: string): string => styleText("green", text);
const signs = { added: green("+"), removed: red("-"), changed: styleText("yellow", "~") };

/** Without colours brackets tell what was removed and added, as those of wdiff do. */
const coloured = (): boolean => red("x") !== "x";

/** `content.tags[0]`; a name that is none of the usual ones stands in brackets and quotes. */
const pathText = (path: Difference["path"]): string =>
  path
    .map((step, at) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(step)) return `[${escapeControls(JSON.stringify(step))}]`;
      return at === 0 ? step : `.${step}`;
    })
    .join("");

const compact = (value: Json): string => escapeControls(JSON.stringify(value));

/** A break of a line stays visible, as a sign. */
const plain = (text: string): string => harmless(text.replaceAll(/\r?\n/g, "↵ ").replaceAll("\t", " "));

/** A value over several lines. */
const block = (value: Json, style: (text: string) => string, { width, lines }: DiffSize): string[] => {
  const room = width - indent.length;
  const all =
    typeof value === "object" && value !== null
      ? prettyJson(value, room).map((line) =>
          style(line.length > room ? `${line.slice(0, room - 1)}…` : line),
        )
      : wrap([{ text: compact(value), style }], room);
  const left = all.length - lines;
  if (left <= 1) return all;
  return [...all.slice(0, lines), styleText("dim", `… ${left.toLocaleString("en")} more lines`)];
};

/** The beginning, the end, or both of what did not change, with an ellipsis for the rest. */
const shorten = (text: string, first: boolean, last: boolean, size: DiffSize): string => {
  const most = contextCharacters;
  if (!Number.isFinite(size.lines) || text.length <= most * 2 + 3) return text;
  const end = first ? "" : text.slice(0, most).replace(/\s*\S*$/u, "");
  const start = last ? "" : text.slice(-most).replace(/^\S*\s*/u, "");
  return `${end}${end && " "}… ${start}`;
};

const toPiece = ({ kind, text }: TextPart): Piece => {
  if (kind === "same") return { text: plain(text) };
  const removed = kind === "removed";
  if (!coloured()) return { text: removed ? `[-${plain(text)}-]` : `{+${plain(text)}+}` };
  return { text: plain(text), style: removed ? (old) => styleText(["red", "strikethrough"], old) : green };
};

/** The change of a text word by word; undefined where the two have too little in common. */
const textChange = (before: string, after: string, size: DiffSize): string[] | undefined => {
  const parts = compareWords(before, after);
  const common = parts.reduce((sum, { kind, text }) => (kind === "same" ? sum + text.length : sum), 0);
  if (common < commonShare * Math.max(before.length, after.length)) return undefined;
  const pieces = parts.map((part, at) =>
    part.kind === "same"
      ? toPiece({ ...part, text: shorten(part.text, at === 0, at === parts.length - 1, size) })
      : toPiece(part),
  );
  return wrap(pieces, size.width - indent.length);
};

const changeLines = (before: Json, after: Json, size: DiffSize): string[] => {
  const words =
    typeof before === "string" && typeof after === "string" ? textChange(before, after, size) : undefined;
  if (words) return words;
  const old = block(before, red, { ...size, width: size.width - 2 }).map((line) => `${red("-")} ${line}`);
  const now = block(after, green, { ...size, width: size.width - 2 }).map((line) => `${green("+")} ${line}`);
  return [...old, ...now];
};

/** One difference, in lines: on one where it fits. */
export const differenceLines = (difference: Difference, size: DiffSize): string[] => {
  const { kind } = difference;
  const path = pathText(difference.path);
  const title = `${signs[kind]} ${styleText("bold", path)}`;
  const before = kind === "added" ? undefined : compact(difference.before);
  const after = kind === "removed" ? undefined : compact(difference.after);
  const short = [before, after].filter((text) => text !== undefined).join(" → ");
  // A longer text is compared word by word.
  const room = kind === "changed" ? Math.min(size.width, inlineCharacters) : size.width;
  if (path.length + short.length + 4 <= room) {
    const shown = [before && red(before), after && green(after)].filter(Boolean).join(" → ");
    return [`${title}: ${shown}`];
  }
  const lines =
    kind === "changed"
      ? changeLines(difference.before, difference.after, size)
      : kind === "added"
        ? block(difference.after, green, size)
        : block(difference.before, red, size);
  return [title, ...lines.map((line) => indent + line)];
};

export const embeddingsLine = (embeddings: EmbeddingsDiff): string => {
  const { change } = embeddings;
  const kind = change === "moved" || change === "replaced" ? "changed" : change;
  const told =
    change === "moved"
      ? `moved by a cosine distance of ${embeddings.distance.toPrecision(3)}`
      : change === "replaced"
        ? "replaced by those of another model or length"
        : change;
  return `${signs[kind]} ${styleText("bold", "embeddings")}: ${told}`;
};
