import { ContextbaseError } from "../base/errors.ts";
import { isObject, type Json } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";

/** The fields of a context itself that a path can name. */
export const fieldNames = ["type", "id", "version", "createdAt", "updatedAt"] as const;
type NamedField = (typeof fieldNames)[number];
/** Those, and one that only a store itself asks for: it tells what is to be upgraded before it is looked into. */
export type FieldName = NamedField | "schemaVersion";

/** A place within a context's content or metadata. */
export type BodyPath = {
  readonly root: "content" | "metadata";
  /** The property names that lead there; none: all of it. */
  readonly steps: readonly string[];
  /** The path as it is written: two paths are the same where their texts are. */
  readonly text: string;
};

type FieldPath<Name extends FieldName> = { readonly root: Name; readonly text: string };

/** What can be written. */
export type NamedPath = BodyPath | FieldPath<NamedField>;
export type Path = BodyPath | FieldPath<FieldName>;

export const isBodyPath = (path: Path): path is BodyPath =>
  path.root === "content" || path.root === "metadata";

const invalid = (text: unknown, problem: string): ContextbaseError =>
  new ContextbaseError(
    "invalid_argument",
    `The path ${show(text)} ${problem}. A path is one of ${fieldNames.join(", ")}, or begins with content. or ` +
      "metadata.; a dot within a name is written \\. and a backslash \\\\.",
  );

const isFieldName = (name: string): name is NamedField => fieldNames.some((field) => field === name);

/** A name as it stands in a path. */
export const escapeName = (name: string): string => name.replace(/[.\\]/g, "\\$&");

/**
 * The names of a path: it is split at dots that no backslash escapes.
 * @throws ContextbaseError invalid_argument
 */
export const splitPath = (text: string): string[] => {
  const steps = [""];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const last = steps.length - 1;
    if (character === ".") {
      steps.push("");
    } else if (character === "\\") {
      const escaped = text[++at];
      if (escaped !== "." && escaped !== "\\") throw invalid(text, "has a backslash that escapes nothing");
      steps[last] += escaped;
    } else {
      steps[last] += character;
    }
  }
  return steps;
};

/** The same text as the name of a property: V8 looks one up ten times faster by a text that was one before. */
const asName = (text: string): string => Object.keys({ [text]: 0 })[0] ?? text;

/** @throws ContextbaseError invalid_argument */
export const parsePath = (text: unknown): NamedPath => {
  if (typeof text !== "string") throw invalid(text, "is no text");
  if (text.length > limits.pathBytes || Buffer.byteLength(text) > limits.pathBytes)
    throw invalid(text, `is longer than ${limits.pathBytes} bytes`);
  if (text.includes("\0") || !text.isWellFormed()) throw invalid(text, "holds what no name can hold");
  const [root = "", ...steps] = splitPath(text);
  if (steps.length === 0 && isFieldName(root)) return { root, text };
  if (root !== "content" && root !== "metadata") throw invalid(text, "begins with none of those");
  if (steps.length > limits.jsonDepth) throw invalid(text, `has more than ${limits.jsonDepth} names`);
  return { root, steps: steps.map(asName), text };
};

/** Of paths as a component declares them those that lead into content or metadata. */
export const bodyPathsOf = (texts: readonly string[]): readonly BodyPath[] =>
  texts.map(parsePath).filter((path): path is BodyPath => isBodyPath(path));

/** What stands below a value; undefined where nothing does. Arrays have no names below them. */
export const valueBelow = (value: Json | undefined, steps: readonly string[]): Json | undefined => {
  let found: unknown = value;
  for (const step of steps) {
    if (!isObject(found) || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found as Json | undefined;
};
