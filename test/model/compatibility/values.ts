import { fits, type Row } from "./row.ts";
import { integer, object, text } from "./schemas.ts";

export const values: readonly Row[] = [
  ["an enum grows", { enum: ["a", "b"] }, { enum: ["a", "b", "c"] }, fits, [" enum"]],
  ["an enum shrinks", { enum: ["a", "b"] }, { enum: ["a"] }, [" enum"], fits],
  ["an enum in another order", { enum: ["a", "b"] }, { enum: ["b", "a"] }, fits, fits],
  ["an enum becomes its type", { enum: ["a", "b"] }, text, fits, [" enum"]],
  ["an enum within a length", { enum: ["a", "b"] }, { ...text, maxLength: 1 }, fits, [" enum"]],
  ["an enum beyond a length", { enum: ["a", "bb"] }, { ...text, maxLength: 1 }, [" enum"], [" enum"]],
  ["a constant becomes an enum", { const: 1 }, { enum: [1, 2] }, fits, [" enum"]],
  ["another constant", { const: 1 }, { const: 2 }, [" enum"], [" enum"]],
  ["true and false are boolean", { enum: [true, false] }, { type: "boolean" }, fits, fits],
  ["null by name and by type", { const: null }, { type: "null" }, fits, fits],
  ["a value matches a pattern", { const: "ab" }, { ...text, pattern: "^a" }, fits, [" enum"]],
  [
    "an object as a constant",
    { const: { a: 1 } },
    object({ a: integer }, { required: ["a"] }),
    fits,
    [" enum"],
  ],
];
