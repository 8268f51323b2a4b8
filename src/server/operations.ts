import type { Operation } from "./operation.ts";
import { assembling } from "./operations/assembling.ts";
import { describing } from "./operations/describing.ts";
import { listing } from "./operations/listing.ts";
import { merging } from "./operations/merging.ts";
import { retrieving } from "./operations/retrieving.ts";
import { searching } from "./operations/searching.ts";
import { storing } from "./operations/storing.ts";
import { versioning } from "./operations/versioning.ts";
import { watching } from "./operations/watching.ts";

/** Everything that can be asked of a Contextbase from outside. Each protocol is derived from this table. */
export const operations: readonly Operation[] = [
  ...describing,
  ...listing,
  ...retrieving,
  ...searching,
  ...storing,
  ...merging,
  ...versioning,
  ...assembling,
  ...watching,
];
