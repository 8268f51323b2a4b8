/** What can be bound to a statement. */
export type SqlValue = string | number | null | readonly string[];

/** A piece of a statement: fixed words, with a value bound between each two of them. */
export type Sql = { readonly words: readonly string[]; readonly values: readonly SqlValue[] };

const isSql = (part: Sql | SqlValue): part is Sql =>
  typeof part === "object" && part !== null && "words" in part;

/** Pieces are put in as they are; everything else is bound, never written into the statement. */
export const sql = (fixed: TemplateStringsArray, ...parts: readonly (Sql | SqlValue)[]): Sql => {
  const words = [fixed[0] ?? ""];
  const values: SqlValue[] = [];
  const addWords = (text: string): void => {
    words.push((words.pop() ?? "") + text);
  };
  for (const [at, part] of parts.entries()) {
    if (isSql(part)) {
      for (const [inner, text] of part.words.entries()) {
        if (inner > 0) words.push("");
        addWords(text);
      }
      values.push(...part.values);
    } else {
      words.push("");
      values.push(part);
    }
    addWords(fixed[at + 1] ?? "");
  }
  return { words, values };
};

/** Fixed words of our own: never what comes from outside. */
export const sqlWords = (words: string): Sql => ({ words: [words], values: [] });

/** Pieces one after another. */
export const joinSql = (pieces: readonly Sql[], between: ", " | " UNION ALL "): Sql => {
  const words = [""];
  const values: SqlValue[] = [];
  for (const [at, piece] of pieces.entries()) {
    const [first = "", ...rest] = piece.words;
    words.push(`${words.pop() ?? ""}${at > 0 ? between : ""}${first}`, ...rest);
    values.push(...piece.values);
  }
  return { words, values };
};

/**
 * Conditions of which all, or any, must hold. They are put together in halves: databases bound how deep an
 * expression may nest (SQLite to 1,000), and `a AND b AND c` nests once more with each of them.
 */
export const combineSql = (conditions: readonly Sql[], by: "AND" | "OR"): Sql => {
  const [only] = conditions;
  if (!only) return sqlWords(by === "AND" ? "1 = 1" : "1 = 0");
  if (conditions.length === 1) return only;
  const half = Math.ceil(conditions.length / 2);
  const [left, right] = [conditions.slice(0, half), conditions.slice(half)];
  return sql`(${combineSql(left, by)} ${sqlWords(by)} ${combineSql(right, by)})`;
};

/** The statement, its bound values shown as `placeholder` says of their numbers, from 1. */
export const renderSql = ({ words }: Sql, placeholder: (number: number) => string): string =>
  words.map((text, at) => (at === 0 ? text : placeholder(at) + text)).join("");
