/**
 * What is used of the peers. They are installed in bench/ only, where the project's type check need not find
 * them.
 */
declare module "@langchain/langgraph" {
  type Found = { readonly key: string; readonly score?: number };
  export class InMemoryStore {
    constructor(options?: {
      index: {
        dims: number;
        fields: string[];
        embeddings: {
          embedDocuments(texts: string[]): Promise<number[][]>;
          embedQuery(text: string): Promise<number[]>;
        };
      };
    });
    search(
      namespacePrefix: string[],
      options: { query: string; limit: number; filter?: Record<string, unknown> },
    ): Promise<Found[]>;
    put(namespace: string[], key: string, value: Record<string, unknown>): Promise<void>;
    get(namespace: string[], key: string): Promise<{ value: Record<string, unknown> } | null>;
    batch(
      operations: { namespace: string[]; key: string; value: Record<string, unknown> }[],
    ): Promise<unknown[]>;
  }
}

declare module "pouchdb" {
  // biome-ignore lint/style/noDefaultExport: this is what the module exports.
  export default class PouchDB<Doc> {
    constructor(path: string);
    put(doc: Doc & { _id: string }): Promise<{ ok: boolean }>;
    get(id: string): Promise<Doc & { _id: string }>;
    bulkDocs(docs: (Doc & { _id: string })[]): Promise<{ ok?: boolean }[]>;
    close(): Promise<void>;
  }
}

declare module "@langchain/langgraph-checkpoint-postgres/store" {
  export class PostgresStore {
    static fromConnString(
      url: string,
      options: {
        schema: string;
        index?: { dims: number; fields: string[]; embed: (texts: string[]) => Promise<number[][]> };
      },
    ): PostgresStore;
    search(
      namespacePrefix: string[],
      options: { query: string; limit: number; filter?: Record<string, string | number> },
    ): Promise<{ readonly key: string; readonly score?: number }[]>;
    setup(): Promise<void>;
    put(namespace: string[], key: string, value: Record<string, unknown>): Promise<void>;
    get<Value>(namespace: string[], key: string): Promise<{ value: Value } | null>;
    stop(): Promise<void>;
  }
}
