import { writeTexts } from "../layout/text-tables.ts";
import { writeVectors } from "../layout/vector-table.ts";

/** What a statement keeps beside the contexts: their texts; and their vectors, where pgvector is, in this schema. */
export type FoundKept = { readonly types: string | undefined };

/**
 * Parts of a WITH that keep what contexts are found by, of `foundValues` as the last parameters.
 * @param written what has ord, component, place, id, version and `removed` of each context that is written
 * @param first the number of the first of those parameters
 */
export const writeFound = (schema: string, written: string, first: number, { types }: FoundKept): string => {
  const [rules, length, terms, dimensions, tag, start, numbers] = Array.from(
    { length: 7 },
    (_, index) => `$${first + index}`,
  );
  const texts = `${rules}::text[], ${length}::int4[], ${terms}::text[]`;
  const vectors = types === undefined ? "" : `, ${dimensions}::int4[], ${tag}::text[], ${start}::int4[]`;
  const columns = types === undefined ? "" : ", dimensions, tag, start";
  return `
  found AS MATERIALIZED (
    SELECT w.component, w.place, w.id, w.version, f.* FROM ${written} w JOIN (
      SELECT * FROM unnest(${texts}${vectors}) WITH ORDINALITY AS f (rules, length, terms${columns}, ord)
    ) f USING (ord)
  ),
  ${writeTexts(schema, "found")}${types === undefined ? "" : `,\n  ${writeVectors(schema, types, "found", `${numbers}::real[]`)}`}`;
};
