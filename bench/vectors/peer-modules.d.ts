/** What is used of the peers, which are installed in bench/ only. */
declare module "usearch" {
  type Found = { readonly keys: BigUint64Array };
  export type IndexConfig = {
    readonly dimensions: number;
    readonly metric: string;
    readonly quantization: string;
    readonly connectivity: number;
    readonly expansion_add: number;
    readonly expansion_search: number;
    readonly multi: boolean;
  };
  const usearch: {
    readonly MetricKind: { readonly Cos: string };
    readonly ScalarKind: { readonly BF16: string };
    readonly Index: new (
      config: IndexConfig,
    ) => {
      add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
      search(vector: Float32Array, limit: number, threads: number): Found;
    };
    readonly exactSearch: (
      dataset: Int8Array,
      query: Int8Array,
      dimensions: number,
      limit: number,
      metric: string,
      threads: number,
    ) => Found;
  };
  // biome-ignore lint/style/noDefaultExport: this is what the module exports.
  export default usearch;
}

declare module "sqlite-vec" {
  export const getLoadablePath: () => string;
}

declare module "@lancedb/lancedb" {
  export type Query = {
    distanceType(type: "cosine"): Query;
    refineFactor(factor: number): Query;
    limit(count: number): Query;
    select(columns: string[]): Query;
    where(condition: string): Query;
    toArray(): Promise<{ readonly number: number }[]>;
  };
  export type Table = {
    add(rows: readonly Record<string, unknown>[]): Promise<unknown>;
    createIndex(column: string, options: { config: IndexConfig }): Promise<void>;
    vectorSearch(vector: Float32Array): Query;
    close(): void;
  };
  export type IndexConfig = { readonly kind: "index" };
  export const Index: {
    hnswSq(options: { distanceType: "cosine"; numPartitions: number }): IndexConfig;
    btree(): IndexConfig;
  };
  export const connect: (folder: string) => Promise<{
    createTable(name: string, rows: readonly Record<string, unknown>[]): Promise<Table>;
    close(): void;
  }>;
}
