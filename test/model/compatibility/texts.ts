import { fits, type Row } from "./row.ts";
import { text } from "./schemas.ts";

export const texts: readonly Row[] = [
  ["shorter is taken", { ...text, minLength: 3 }, { ...text, minLength: 1 }, fits, [" minLength"]],
  ["a longest length appears", text, { ...text, maxLength: 9 }, [" maxLength"], fits],
  ["the same pattern", { ...text, pattern: "^a" }, { ...text, pattern: "^a", minLength: 0 }, fits, fits],
  ["a pattern goes", { ...text, pattern: "^a" }, text, fits, [" pattern"]],
  [
    "patterns are compared as they are written",
    { ...text, pattern: "^ab" },
    { ...text, pattern: "^a" },
    [" pattern"],
    [" pattern"],
  ],
  ["a format appears", text, { ...text, format: "email" }, [" format"], fits],
  [
    "one format becomes another",
    { ...text, format: "date" },
    { ...text, format: "date-time" },
    [" format"],
    [" format"],
  ],
];
