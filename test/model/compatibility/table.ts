import { arrays } from "./arrays.ts";
import { combinations } from "./combinations.ts";
import { objects } from "./objects.ts";
import { ranges } from "./ranges.ts";
import { references } from "./references.ts";
import type { Row } from "./row.ts";
import { texts } from "./texts.ts";
import { types } from "./types.ts";
import { values } from "./values.ts";
import { zodSchemas } from "./zod-schemas.ts";

/** Pairs of schemas written by hand, by what they are of. */
export const table: readonly Row[] = [
  ...types,
  ...values,
  ...ranges,
  ...texts,
  ...arrays,
  ...objects,
  ...combinations,
  ...references,
  ...zodSchemas,
];
