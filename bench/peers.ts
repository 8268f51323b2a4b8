import { InMemoryStore } from "@langchain/langgraph";
import PouchDB from "pouchdb";
import { names } from "./measure.ts";
import type { Sample } from "./samples.ts";
import { type Side, weigh } from "./side.ts";

/** LangGraph's InMemoryStore: a Map. It keeps the objects it is given, and gives the same ones back. */
export const openInMemoryStore = (): Side => {
  const store = new InMemoryStore();
  const namespace = ["bench", "notes"];
  const get = async (id: string): Promise<Sample | undefined> =>
    (await store.get(namespace, id))?.value as Sample | undefined;
  return {
    name: names.inMemoryStore,
    putEach: async (samples) => {
      for (const sample of samples) await store.put(namespace, sample.id, sample);
    },
    putTogether: async (samples) => {
      await Promise.all(samples.map((sample) => store.put(namespace, sample.id, sample)));
    },
    load: async (batches) => {
      for (const batch of batches) {
        await store.batch(batch.map((sample) => ({ namespace, key: sample.id, value: sample })));
      }
    },
    getEach: async (ids) => {
      let sum = 0;
      for (const id of ids) {
        const found = await get(id);
        if (found) sum += weigh(found);
      }
      return sum;
    },
    get,
    close: async () => undefined,
  };
};

type Doc = Omit<Sample, "id" | "embeddings"> & { readonly embeddings: number[] };

const toDoc = ({ id, type, content, metadata, embeddings }: Sample): Doc & { _id: string } => ({
  _id: id,
  type,
  content,
  metadata,
  embeddings: Array.from(embeddings),
});

const toSample = ({ _id, type, content, metadata, embeddings }: Doc & { _id: string }): Sample => ({
  id: _id,
  type,
  content,
  metadata,
  embeddings: Float32Array.from(embeddings),
});

/** PouchDB on LevelDB, as it comes: a put that returned is not synced to the disk. Nothing is encrypted. */
export const openPouchDb = (path: string): Side => {
  const database = new PouchDB<Doc>(path);
  const get = async (id: string): Promise<Sample> => toSample(await database.get(id));
  return {
    name: names.pouchDb,
    putEach: async (samples) => {
      for (const sample of samples) await database.put(toDoc(sample));
    },
    putTogether: async (samples) => {
      await Promise.all(samples.map((sample) => database.put(toDoc(sample))));
    },
    load: async (batches) => {
      for (const batch of batches) await database.bulkDocs(batch.map(toDoc));
    },
    getEach: async (ids) => {
      let sum = 0;
      for (const id of ids) sum += weigh(await get(id));
      return sum;
    },
    get,
    close: () => database.close(),
  };
};
