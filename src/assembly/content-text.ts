import type { Json, JsonObject } from "../base/json.ts";

/**
 * A content as a text to be read: its only string as it is, otherwise a line for each property, what is no string
 * there as JSON.
 */
export const contentText = (content: JsonObject): string => {
  const entries = Object.entries(content);
  const [[, only] = []] = entries;
  if (entries.length === 1 && typeof only === "string") return only;
  return entries.map(([name, value]) => `${name}: ${valueText(value)}`).join("\n");
};

const valueText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
