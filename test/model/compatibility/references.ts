import { fits, type Row } from "./row.ts";
import { integer, number, text, tree } from "./schemas.ts";

export const references: readonly Row[] = [
  ["a reference and what it names", { $ref: "#/$defs/a", $defs: { a: text } }, text, fits, fits],
  [
    "the same name for another schema",
    { $ref: "#/$defs/a", $defs: { a: integer } },
    { $ref: "#/$defs/a", $defs: { a: number } },
    fits,
    [" type"],
  ],
  [
    "another name for the same",
    { $ref: "#/$defs/a", $defs: { a: text } },
    { $ref: "#/$defs/b", $defs: { b: text } },
    fits,
    fits,
  ],
  ["a tree", tree(integer), tree(number), fits, ["value type"]],
  ["a tree of something else", tree(text), tree(number), ["value type"], ["value type"]],
  ["a reference to itself is no schema", { $ref: "#" }, text, [" type"], [" unprovable"]],
  ["a reference out of the schema", text, { $ref: "https://example.com/a.json" }, [" unprovable"], [" type"]],
  [
    "a schema within that has an $id",
    text,
    { $ref: "#/$defs/a", $defs: { a: { $id: "a", ...text } } },
    [" unprovable"],
    [" type"],
  ],
];
