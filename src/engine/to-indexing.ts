import type { ComponentDescription } from "../model/description.ts";
import { type Indexing, indexingOf } from "../model/indexing.ts";
import type { RegisteredComponent } from "./port/records.ts";

/** What is kept of a component so that it can be found, as the store knows it. */
export const toIndexing = ({ description }: RegisteredComponent): Indexing => {
  const described: ComponentDescription = JSON.parse(description);
  return indexingOf(described);
};
