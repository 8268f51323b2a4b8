import { fits, type Row } from "./row.ts";
import { integer, number, text } from "./schemas.ts";

export const types: readonly Row[] = [
  ["the same type", text, text, fits, fits],
  ["a title and a description", text, { ...text, title: "Name", description: "For readers" }, fits, fits],
  [
    "default, examples, deprecated",
    text,
    { ...text, default: "a", examples: ["b"], deprecated: true },
    fits,
    fits,
  ],
  ["another type", text, number, [" type"], [" type"]],
  ["integer becomes number", integer, number, fits, [" type"]],
  ["number becomes integer", number, integer, [" type"], fits],
  ["null is taken too", text, { type: ["string", "null"] }, fits, [" type"]],
  ["the order of types", { type: ["null", "string"] }, { type: ["string", "null"] }, fits, fits],
  [
    "types as a list or as alternatives",
    { type: ["string", "null"] },
    { anyOf: [text, { type: "null" }] },
    fits,
    fits,
  ],
  ["integer beside number says nothing", { type: ["integer", "number"] }, number, fits, fits],
  [
    "whole multiples of a number are integers",
    { type: "number", multipleOf: 5 },
    integer,
    fits,
    [" multipleOf"],
  ],
  ["any type becomes one", {}, text, [" type"], fits],
  ["true takes everything", text, true, fits, [" type"]],
  ["false takes nothing", false, text, fits, [" never"]],
  ["true and {} are one", true, {}, fits, fits],
  ["nullable is the validator's word for null", text, { ...text, nullable: true }, fits, [" type"]],
];
