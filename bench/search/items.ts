import { z } from "zod";
import { defineComponent } from "../../src/index.ts";
import { inBatches } from "../samples.ts";
import { seeded, textOf } from "../text.ts";
import type { Row, RowFilter } from "../vectors/data.ts";

const contentCharacters = 1_000;
const batchContexts = 5_000;

/** What is searched by vector: 1 KB of content that is not searched by text, and values to filter by. */
export const itemsOf = (dimensions: number) =>
  defineComponent({
    name: "Item",
    types: { item: z.object({ text: z.string() }) },
    metadata: z.object({ bucket10: z.number(), bucket100: z.number(), bucket1000: z.number() }),
    embeddings: { dimensions },
    searchText: [],
    indexes: ["metadata.bucket10", "metadata.bucket100", "metadata.bucket1000"],
  });

type Item = {
  readonly id: string;
  readonly type: "item";
  readonly content: { text: string };
  readonly metadata: { bucket10: number; bucket100: number; bucket1000: number };
  readonly embeddings: Float32Array;
};

const idOf = (number: number): string => `item-${String(number).padStart(7, "0")}`;

/** Which row an id is of. */
export const numberOf = (id: string): number => Number(id.slice("item-".length));

const paths = {
  tenth: "metadata.bucket10",
  hundredth: "metadata.bucket100",
  thousandth: "metadata.bucket1000",
} as const;

export const whereOf = ({ column, value }: RowFilter): Record<string, number> => ({ [paths[column]]: value });

type ItemStore = { storeContexts(items: readonly Item[]): Promise<unknown> };

/** Stores a context for each row. Two batches are in flight: one is checked while the one before is written. */
export const loadItems = async (store: ItemStore, rows: readonly Row[]): Promise<void> => {
  const random = seeded(7);
  let before: Promise<unknown> = Promise.resolve();
  for (const [batch, some] of inBatches(rows, batchContexts).entries()) {
    const items = some.map(
      ({ vector, tenth, hundredth, thousandth }, at): Item => ({
        id: idOf(batch * batchContexts + at),
        type: "item",
        content: { text: textOf(contentCharacters, random) },
        metadata: { bucket10: tenth, bucket100: hundredth, bucket1000: thousandth },
        embeddings: vector,
      }),
    );
    const current = store.storeContexts(items);
    await before;
    before = current;
  }
  await before;
};
