import type { OrderBy } from "./where.ts";

/** An order as one text: a path, and `:asc` or `:desc` behind it where it is said. */
export const orderOfText = (text: string): OrderBy => {
  const [, path, direction] = /^(.*):(asc|desc)$/s.exec(text) ?? [];
  if (path === undefined) return text;
  return { [path]: direction === "desc" ? "desc" : "asc" };
};
