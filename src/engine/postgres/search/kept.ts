import type { RegisteredComponent } from "../../records.ts";
import { textArray } from "../binary-array.ts";
import { type Step, statement } from "../trip.ts";
import { type Body, type FoundRow, foundRows } from "./found-rows.ts";
import { createIndexings, type Indexings } from "./indexings.ts";

/** What a store keeps of contexts so that they can be found by their text and their vector. */
export type Kept = Indexings & {
  /** The schema of pgvector's types, quoted, where vectors are kept; known once the store is open. */
  readonly types: () => string | undefined;
  /** Makes what depends on that schema once, and not before it is known. */
  readonly forTypes: <Made>(make: (types: string | undefined) => Made) => () => Made;
  /** What is kept of contexts that are written, in their order; empty where nothing of them is searched. */
  readonly rows: (tenant: string, bodies: readonly Body[]) => Promise<FoundRow[]>;
  /** Contexts of components that nobody knows are written without what they are found by: that is to be filled. */
  readonly forget: (tenant: string, bodies: readonly Body[]) => Step[];
};

/** @param schema quoted */
export const createKept = (
  schema: string,
  types: () => string | undefined,
  noted: () => Promise<RegisteredComponent[]>,
): Kept => {
  const indexings = createIndexings(noted);
  const forget = statement(
    `DELETE FROM ${schema}.filled WHERE tenant = $1 AND component = ANY ($2::text[])
       AND part NOT IN (SELECT path FROM ${schema}.key_paths k WHERE k.component = filled.component)`,
  );
  return {
    ...indexings,
    types,
    forTypes: (make) => {
      const made = new Map<string | undefined, ReturnType<typeof make>>();
      return () => {
        const of = types();
        const one = made.get(of) ?? make(of);
        made.set(of, one);
        return one;
      };
    },
    rows: (tenant, bodies) => foundRows(tenant, bodies, indexings.of),
    forget: (tenant, bodies) => {
      const unknown = new Set(bodies.map(({ component }) => component));
      for (const component of unknown) if (indexings.of(component)) unknown.delete(component);
      return unknown.size === 0 ? [] : [{ statement: forget, values: [tenant, textArray([...unknown])] }];
    },
  };
};
