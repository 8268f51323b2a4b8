import { isObject, type Json } from "../base/json.ts";
import { escapeControls } from "./harmless.ts";

const compact = (value: Json): string => escapeControls(JSON.stringify(value));

/** A value as lines of JSON of about `width` characters: what fits on one line is not broken into several. */
export const prettyJson = (value: Json, width: number): string[] => {
  const whole = compact(value);
  if (whole.length <= width) return [whole];
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => prettyJson(item, width - 2));
    return enclose("[", items, "]");
  }
  if (!isObject(value)) return [whole];
  const members = Object.entries(value).map(([name, item]) => {
    const [first = "", ...others] = prettyJson(item, width - 2 - name.length - 4);
    return [`${compact(name)}: ${first}`, ...others];
  });
  return enclose("{", members, "}");
};

const enclose = (open: string, parts: readonly (readonly string[])[], close: string): string[] => {
  const lines = parts.flatMap((part, at) =>
    part.map((line, row) => `  ${line}${row === part.length - 1 && at < parts.length - 1 ? "," : ""}`),
  );
  return [open, ...lines, close];
};
