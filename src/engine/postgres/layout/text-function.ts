import { escapeLiteral } from "pg";

/** As in search/text/bm25.ts. */
const k1 = 1.2;
const b = 0.75;
const leastFrequency = 1e-6;

/**
 * How often a term stands in a text. No function tells it but unnest(), which takes a text apart: a hundred rows for
 * one number. For one term with equal weights ts_rank() is the sum of 1 / i² over its places, divided by π² / 6
 * (calc_rank_or in tsrank.c); what that sum lacks of the whole is 1 / (n + ½) but for less than 1 / 12n³.
 */
export const frequencyOf = (terms: string, query: string): string =>
  `round(1 / (1.64493406685 * (1 - ts_rank('{1,1,1,1}', ${terms}, ${query}))) - 0.5)::int4`;

export const frequencyOfPrefix = (terms: string, prefix: string): string =>
  `(SELECT coalesce(sum(cardinality(u.positions)), 0)::int4 FROM unnest(${terms}) u WHERE starts_with(u.lexeme, ${prefix}))`;

/**
 * Finds the texts of the transaction's own tenant that hold terms, with their BM25. Row-level security keeps any
 * search for terms from using an index, since the operator is not leakproof; so this function reads as the owner of the
 * tables. Whose rows it reads no argument says: the policies' own setting does.
 *
 * The rarest terms choose the texts, as many terms as are held by no more than `budget` texts together, one at least; the
 * others only add to what those are worth. Where `must` is given it alone chooses; where `among` is, so do its places and
 * any term.
 *
 * - `terms`: one query for each term or prefix; `prefixes`: NULL for a term
 * - `known`: how many texts hold each; NULL where that is to be counted
 * - the first row that it gives, without a place, says in `held` how many texts hold each term and, last, how many words
 *   all texts have together, in `score` what a text
 *   that holds none of the choosing terms is worth at the most, in `version` how many texts there are, and in `id`
 *   whether some were made by other rules
 */
export const findTextsFunction = (schema: string): string => {
  // Within texts of the function's own.
  const within = schema.replaceAll("'", "''");
  return `
  CREATE FUNCTION ${schema}.find_texts(of_component text, of_rules text, terms tsquery[], prefixes text[], known bigint[],
      must tsquery, among bigint[], budget bigint, most bigint)
    RETURNS TABLE (place bigint, id text, version bigint, score float8, held bigint[])
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET jit = off AS ${escapeLiteral(`
  DECLARE
    mine text := current_setting('contextbase.tenant', true);
    count_of bigint[] := known;
    weight_of float8[];
    counted bigint;
    documents bigint;
    words bigint;
    average float8;
    chosen tsquery;
    taken bigint := 0;
    rest float8 := 0;
    weighs text := '0';
    holds text := '';
    counts text := '';
    source text;
    term integer;
  BEGIN
    SELECT t.documents, t.length INTO documents, words FROM ${schema}.text_totals t
      WHERE t.tenant = mine AND t.component = of_component AND t.rules = of_rules;
    documents := coalesce(documents, 0);
    words := coalesce(words, 0);
    average := words::float8 / greatest(documents, 1);
    FOR term IN 1 .. cardinality(terms) LOOP
      IF count_of[term] IS NULL THEN
        EXECUTE 'SELECT count(*) FROM (SELECT tenant, component FROM ${within}.texts WHERE terms @@ $1 OFFSET 0) t
          WHERE t.tenant = $2 AND t.component = $3' INTO counted USING terms[term], mine, of_component;
        count_of[term] := counted;
      END IF;
      weight_of[term] := greatest(${leastFrequency},
        ln((greatest(documents - count_of[term], 0) + 0.5) / (count_of[term] + 0.5)));
      counts := counts || format(', %s AS f%s', CASE WHEN prefixes[term] IS NULL
        THEN format(${escapeLiteral(frequencyOf("t.terms", "$1[%s]"))}, term)
        ELSE format(${escapeLiteral(frequencyOfPrefix("t.terms", "$2[%s]"))}, term) END, term);
      weighs := weighs || format(' + $3[%s] * f%s * ${k1 + 1} / (f%s + norm)', term, term, term);
      holds := holds || format(', f%s', term);
    END LOOP;
    FOR term IN SELECT o FROM generate_series(1, cardinality(terms)) o ORDER BY count_of[o], o LOOP
      IF among IS NOT NULL OR taken = 0 OR taken + count_of[term] <= budget THEN
        chosen := coalesce(chosen || terms[term], terms[term]);
        taken := taken + count_of[term];
      ELSE
        rest := rest + weight_of[term] * ${k1 + 1};
      END IF;
    END LOOP;
    IF must IS NOT NULL THEN
      rest := 0;
    END IF;
    RETURN QUERY SELECT NULL::bigint, EXISTS (SELECT FROM ${schema}.text_totals t WHERE t.tenant = mine
      AND t.component = of_component AND t.rules <> of_rules AND t.documents > 0)::text, documents, rest, count_of || words;
    source := CASE WHEN among IS NULL
      THEN '(SELECT * FROM ${within}.texts x WHERE x.terms @@ $4 OFFSET 0) t WHERE t.tenant = $5 AND t.component = $6'
      ELSE '(SELECT * FROM ${within}.texts x WHERE x.tenant = $5 AND x.component = $6 AND x.place = ANY ($7) OFFSET 0) t
        WHERE t.terms @@ $4' END;
    RETURN QUERY EXECUTE format('SELECT s.place, s.id, s.version, %s AS score, ARRAY[%s]::bigint[]
      FROM (SELECT t.place, t.id, t.version, ${k1} * (1 - ${b} + ${b} * t.length / $8) AS norm %s FROM %s OFFSET 0) s
      ORDER BY score DESC, s.id LIMIT $9', weighs, substr(holds, 3), counts, source)
      USING terms, prefixes, weight_of, coalesce(must, chosen), mine, of_component, among, greatest(average, 1), most;
  END`)};
  REVOKE ALL ON FUNCTION ${schema}.find_texts FROM PUBLIC;`;
};
