import { readFileSync } from "node:fs";
import { ContextbaseError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { decodeInput } from "./read-input.ts";

/**
 * The JSON that an option gives: itself, or in a file behind an @, for what is longer than a command may be.
 * @throws ContextbaseError invalid_json; invalid_argument where the file cannot be read
 */
export const readJsonOption = (text: string, option: string): unknown =>
  text.startsWith("@") ? readJsonFile(text.slice(1), option) : parseJson(text, option);

/** @throws ContextbaseError as readJsonOption */
export const readJsonFile = (path: string, option: string): unknown => {
  const what = `The file of ${option}, ${JSON.stringify(path)},`;
  return parseJson(decodeInput(readBytes(path, what), what), what);
};

const readBytes = (path: string, what: string): Uint8Array => {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ContextbaseError("invalid_argument", `${what} cannot be read: ${reason}.`, { cause });
  }
};
