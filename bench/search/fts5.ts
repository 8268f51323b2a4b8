import type { Database } from "better-sqlite3-multiple-ciphers";
import { connect } from "../../src/engine/sqlite/connection/connection.ts";

const limit = 10;

/** The negative KiB of its page cache: all of its pages stay decrypted in memory. */
const cacheSize = -2_000_000;

/** How far apart two scores that differ by rounding alone can be, as a part of them. */
const rounding = 1e-6;

export type Fts5 = {
  readonly add: (texts: readonly string[]) => void;
  /** The numbers of the ten best texts in which any of the words stands, best first. */
  readonly search: (question: string) => number[];
  /** What part of the ten best it holds; a text with the score of the tenth is as good as that. */
  readonly keptOf: (question: string, numbers: readonly number[]) => number;
  readonly close: () => void;
};

/** FTS5 as SQLite has it, in a bare database of the same driver with the same encryption: an OR of the words. */
export const openFts5 = (path: string, key: Uint8Array): Fts5 => {
  const database: Database = connect({ path, key }, 5_000);
  database.pragma(`cache_size = ${cacheSize}`);
  database.exec("CREATE VIRTUAL TABLE texts USING fts5 (text)");
  const insert = database.prepare("INSERT INTO texts (rowid, text) VALUES (?, ?)");
  const best = database.prepare<[string], { rowid: number; rank: number }>(
    `SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ${limit}`,
  );
  const one = database
    .prepare<[string, bigint], number>("SELECT bm25(texts) FROM texts WHERE texts MATCH ? AND rowid = ?")
    .pluck();
  const expression = (question: string): string =>
    question
      .split(" ")
      .map((word) => `"${word}"`)
      .join(" OR ");
  let count = 0;

  return {
    add: (texts) => {
      database.transaction(() => {
        for (const text of texts) insert.run(count++, text);
      })();
    },
    search: (question) => best.all(expression(question)).map(({ rowid }) => rowid),
    keptOf: (question, numbers) => {
      const right = best.all(expression(question));
      const last = right.at(-1)?.rank;
      if (last === undefined) return 1;
      const asGood = numbers.filter((number) => {
        // A number would be bound as a float, by which FTS5 finds no row.
        const rank = one.get(expression(question), BigInt(number));
        return rank !== undefined && rank <= last + Math.abs(last) * rounding;
      });
      return Math.min(asGood.length, right.length) / right.length;
    },
    close: () => database.close(),
  };
};
