import type { RegisteredComponent } from "../../port/records.ts";
import { textArray } from "../connection/binary-array.ts";
import { type Step, statement, type Value } from "../connection/trip.ts";
import { type Body, type FoundRow, foundRows } from "./found-rows.ts";
import { createIndexings, type Indexings } from "./indexings.ts";
import { foundPart } from "./text-rows.ts";

/** What a store keeps of contexts so that they can be found by their text and their vector. */
export type Kept = Indexings & {
  /** The schema of pgvector's types, quoted, where vectors are kept; known once the store is open. */
  readonly types: () => string | undefined;
  /** Makes what depends on that schema once, and not before it is known. */
  readonly forTypes: <Made>(make: (types: string | undefined) => Made) => () => Made;
  /** What is kept of contexts that are written, in their order; empty where nothing of them is searched. */
  readonly rows: (tenant: string, bodies: readonly Body[]) => Promise<FoundRow[]>;
  /** The part of a tenant that is kept for this component; undefined where nobody knows it. */
  readonly part: (component: string) => string | undefined;
  /** The values of `markNewTenant`: the tenant, and the parts of it that are kept from its first write on. */
  readonly newTenant: (tenant: string) => Value[];
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
  const part = (component: string): string | undefined => {
    const indexing = indexings.of(component);
    return indexing && foundPart(indexing, types() !== undefined);
  };
  return {
    ...indexings,
    part,
    newTenant: (tenant) => {
      const names = indexings.names();
      return [tenant, textArray(names), textArray(names.map(part))];
    },
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
