import { fits, type Row } from "./row.ts";
import { integer, number, text } from "./schemas.ts";

export const ranges: readonly Row[] = [
  ["a lower minimum", { ...number, minimum: 1 }, { ...number, minimum: 0 }, fits, [" minimum"]],
  ["a maximum appears", number, { ...number, maximum: 9 }, [" maximum"], fits],
  [
    "exclusive becomes inclusive",
    { ...number, exclusiveMinimum: 0 },
    { ...number, minimum: 0 },
    fits,
    [" minimum"],
  ],
  [
    "above 0 is from 1 where whole",
    { ...integer, exclusiveMinimum: 0 },
    { ...integer, minimum: 1 },
    fits,
    fits,
  ],
  ["below 9.5 is up to 9 where whole", { ...integer, maximum: 9.5 }, { ...integer, maximum: 9 }, fits, fits],
  [
    "a multiple of a multiple",
    { ...number, multipleOf: 6 },
    { ...number, multipleOf: 3 },
    fits,
    [" multipleOf"],
  ],
  [
    "multiples that do not meet",
    { ...number, multipleOf: 4 },
    { ...number, multipleOf: 3 },
    [" multipleOf"],
    [" multipleOf"],
  ],
  [
    "multiples of a fraction are not reckoned",
    { multipleOf: 0.2 },
    { multipleOf: 0.1 },
    [" multipleOf"],
    [" multipleOf"],
  ],
  ["a range has no say over other types", { ...text, minimum: 5 }, text, fits, fits],
  ["a range that is empty takes nothing", { ...number, minimum: 2, maximum: 1 }, text, fits, [" type"]],
];
