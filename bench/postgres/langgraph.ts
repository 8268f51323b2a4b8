import { PostgresStore } from "@langchain/langgraph-checkpoint-postgres/store";
import { names } from "../measure.ts";
import type { Sample } from "../samples.ts";
import type { ServerSide } from "./side.ts";

/** How an embedding stands in an item's JSON. */
type Coding<Coded> = {
  readonly name: string;
  readonly encode: (embeddings: Float32Array) => Coded;
  readonly decode: (coded: Coded) => Float32Array;
};

/** As a user would write it. The store's index over all of the JSON then holds each number. */
export const asNumbers: Coding<readonly number[]> = {
  name: names.postgresStore,
  encode: (embeddings) => Array.from(embeddings),
  decode: (numbers) => Float32Array.from(numbers),
};

/** What spares the index: it holds one hash for the whole text. */
export const asText: Coding<string> = {
  name: names.postgresStoreText,
  encode: ({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength).toString("base64"),
  decode: (text) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer),
};

const namespace = ["bench", "notes"];

/** LangGraph's PostgresStore as its documentation sets it up, without an index of vectors. It keeps no versions. */
export const openPostgresStore = async <Coded>(
  url: string,
  schema: string,
  { name, encode, decode }: Coding<Coded>,
): Promise<ServerSide> => {
  const store = PostgresStore.fromConnString(url, { schema });
  await store.setup();
  return {
    name,
    put: ({ id, type, content, metadata, embeddings }) =>
      store.put(namespace, id, { type, content, metadata, embeddings: encode(embeddings) }),
    get: async (id) => {
      const item = await store.get<Omit<Sample, "id" | "embeddings"> & { embeddings: Coded }>(namespace, id);
      return item ? { ...item.value, id, embeddings: decode(item.value.embeddings) } : undefined;
    },
    close: () => store.stop(),
  };
};
