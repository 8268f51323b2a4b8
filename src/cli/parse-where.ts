import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { Where } from "../model/where.ts";
import { readJsonOption } from "./json-option.ts";

/**
 * The filter that an option gives as JSON, or in a file behind an @; its paths and operators are checked by the store.
 * @throws ContextbaseError invalid_json, invalid_argument
 */
export const parseWhere = (text: string | undefined): Where | undefined => {
  if (text === undefined) return undefined;
  const where = readJsonOption(text, "--where");
  if (isWhere(where)) return where;
  const message = `--where must be a JSON object, such as '{"metadata.source": "mail"}'.`;
  throw new ContextbaseError("invalid_argument", message);
};

const isWhere = (value: unknown): value is Where => isObject(value);
