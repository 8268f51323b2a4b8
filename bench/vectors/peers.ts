import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { connect, Index as LanceIndex } from "@lancedb/lancedb";
import { getLoadablePath } from "sqlite-vec";
import usearch from "usearch";
import type { Row, RowFilter } from "./data.ts";

export type VectorPeer = {
  readonly name: string;
  /** The numbers of the nearest rows by cosine, best first. */
  readonly search: (vector: Float32Array, limit: number, filter?: RowFilter) => Promise<readonly number[]>;
  readonly close: () => void;
};

const dimensionsOf = (rows: readonly Row[]): number => rows[0]?.vector.length ?? 0;

const flat = (rows: readonly Row[]): Float32Array => {
  const dimensions = dimensionsOf(rows);
  const all = new Float32Array(rows.length * dimensions);
  for (const [number, { vector }] of rows.entries()) all.set(vector, number * dimensions);
  return all;
};

/** Whole numbers up to 127, with one scale for all rows. */
const rounding = (rows: readonly Row[]): ((vector: Float32Array) => Int8Array) => {
  let most = 0;
  for (const { vector } of rows) for (const value of vector) most = Math.max(most, Math.abs(value));
  return (vector) => Int8Array.from(vector, (value) => Math.round((value / most) * 127));
};

/** usearch compares the vector with every row, in int8 and one thread. It knows no filters. */
export const buildExactSearch = async (rows: readonly Row[]): Promise<VectorPeer> => {
  const round = rounding(rows);
  const dimensions = dimensionsOf(rows);
  const all = new Int8Array(rows.length * dimensions);
  for (const [number, { vector }] of rows.entries()) all.set(round(vector), number * dimensions);
  return {
    name: "usearch exactSearch, int8",
    search: async (vector, limit) =>
      Array.from(
        usearch.exactSearch(all, round(vector), dimensions, limit, usearch.MetricKind.Cos, 1).keys,
        Number,
      ),
    close: () => undefined,
  };
};

/** usearch's graph. It knows no filters: more and more are asked for until enough of them fit. */
export const buildHnsw = async (rows: readonly Row[]): Promise<VectorPeer> => {
  const index = new usearch.Index({
    dimensions: dimensionsOf(rows),
    metric: usearch.MetricKind.Cos,
    quantization: usearch.ScalarKind.BF16,
    connectivity: 16,
    expansion_add: 128,
    expansion_search: 64,
    multi: false,
  });
  index.add(
    BigUint64Array.from(rows, (_, number) => BigInt(number)),
    flat(rows),
    0,
  );
  const nearest = (vector: Float32Array, limit: number): number[] =>
    Array.from(index.search(vector, limit, 1).keys, Number);
  return {
    name: "usearch HNSW, bf16",
    search: async (vector, limit, filter) => {
      if (!filter) return nearest(vector, limit);
      for (let asked = limit * 16; ; asked *= 4) {
        const found = nearest(vector, Math.min(asked, rows.length));
        const fitting = found.filter((number) => rows[number]?.[filter.column] === filter.value);
        if (fitting.length >= limit || asked >= rows.length) return fitting.slice(0, limit);
      }
    },
    close: () => undefined,
  };
};

/** sqlite-vec in memory, with metadata columns. */
export const buildSqliteVec = async (rows: readonly Row[]): Promise<VectorPeer> => {
  const database = new DatabaseSync(":memory:", { allowExtension: true });
  database.loadExtension(getLoadablePath());
  database.exec(
    `CREATE VIRTUAL TABLE v USING vec0 (embedding float[${dimensionsOf(rows)}] distance_metric=cosine,
      tenth INTEGER, hundredth INTEGER, thousandth INTEGER)`,
  );
  const insert = database.prepare(
    "INSERT INTO v (rowid, embedding, tenth, hundredth, thousandth) VALUES (?, ?, ?, ?, ?)",
  );
  database.exec("BEGIN");
  for (const [number, { vector, tenth, hundredth, thousandth }] of rows.entries())
    insert.run(BigInt(number), bytesOf(vector), BigInt(tenth), BigInt(hundredth), BigInt(thousandth));
  database.exec("COMMIT");
  const select = "SELECT rowid FROM v WHERE embedding MATCH ? AND k = ?";
  return {
    name: "sqlite-vec",
    search: async (vector, limit, filter) => {
      const found = filter
        ? database
            .prepare(`${select} AND ${filter.column} = ? ORDER BY distance`)
            .all(bytesOf(vector), BigInt(limit), BigInt(filter.value))
        : database.prepare(`${select} ORDER BY distance`).all(bytesOf(vector), BigInt(limit));
      return found.map(({ rowid }) => Number(rowid));
    },
    close: () => database.close(),
  };
};

const bytesOf = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/** LanceDB in a folder of its own, with its graph index, rescoring, and an index for each column. */
export const buildLanceDb = async (rows: readonly Row[]): Promise<VectorPeer> => {
  const folder = mkdtempSync(join(tmpdir(), "contextbase-lancedb-"));
  const database = await connect(folder);
  const records = rows.map(({ vector, ...columns }, number) => ({
    number,
    vector: Array.from(vector),
    ...columns,
  }));
  const table = await database.createTable("v", records.slice(0, 10_000));
  for (let at = 10_000; at < records.length; at += 10_000) await table.add(records.slice(at, at + 10_000));
  await table.createIndex("vector", {
    config: LanceIndex.hnswSq({ distanceType: "cosine", numPartitions: 1 }),
  });
  for (const column of ["tenth", "hundredth", "thousandth"])
    await table.createIndex(column, { config: LanceIndex.btree() });
  return {
    name: "LanceDB HNSW",
    search: async (vector, limit, filter) => {
      let query = table
        .vectorSearch(vector)
        .distanceType("cosine")
        .refineFactor(4)
        .limit(limit)
        .select(["number", "_distance"]);
      if (filter) query = query.where(`${filter.column} = ${filter.value}`);
      return (await query.toArray()).map(({ number }: { number: number }) => Number(number));
    },
    close: () => {
      table.close();
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const vectorPeers = [buildExactSearch, buildHnsw, buildSqliteVec, buildLanceDb];
