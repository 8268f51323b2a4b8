import { fits, type Row } from "./row.ts";
import { integer, number, text } from "./schemas.ts";

export const arrays: readonly Row[] = [
  [
    "items of a wider type",
    { type: "array", items: integer },
    { type: "array", items: number },
    fits,
    ["[] type"],
  ],
  ["more items", { type: "array", maxItems: 2 }, { type: "array", maxItems: 3 }, fits, [" maxItems"]],
  ["at least one", { type: "array" }, { type: "array", minItems: 1 }, [" minItems"], fits],
  ["items are unique", { type: "array" }, { type: "array", uniqueItems: true }, ["[] uniqueItems"], fits],
  [
    "one item is unique",
    { type: "array", maxItems: 1 },
    { type: "array", maxItems: 1, uniqueItems: true },
    fits,
    fits,
  ],
  [
    "a pair becomes a list",
    { type: "array", prefixItems: [integer, integer], items: false },
    { type: "array", items: integer },
    fits,
    ["[] never"],
  ],
  [
    "a pair gets a third",
    { type: "array", prefixItems: [text, text], items: false, minItems: 2 },
    { type: "array", prefixItems: [text, text, number], items: false, minItems: 2 },
    fits,
    ["[2] never"],
  ],
  [
    "the first of a pair changes",
    { type: "array", prefixItems: [text, text], items: false },
    { type: "array", prefixItems: [number, text], items: false },
    ["[0] type"],
    ["[0] type"],
  ],
  [
    "an item that is contained",
    { type: "array", minItems: 1, items: text },
    { type: "array", contains: text },
    fits,
    ["[] type"],
  ],
  ["fewer need be contained", { contains: text, minContains: 2 }, { contains: text }, fits, ["[] contains"]],
  ["what is contained widens", { contains: integer }, { contains: number }, fits, ["[] contains"]],
  ["what is contained is new", { type: "array" }, { type: "array", contains: text }, ["[] contains"], fits],
];
