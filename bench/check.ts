import { deepStrictEqual } from "node:assert/strict";
import { connect } from "../src/engine/sqlite/connection/connection.ts";
import { type Sample, shuffled } from "./samples.ts";
import type { Side } from "./side.ts";

const checkedContexts = 200;

/** Reads some of the samples back from a side. @throws AssertionError where one is not what was stored */
export const checkReads = async (
  side: Pick<Side, "name" | "get">,
  samples: readonly Sample[],
): Promise<void> => {
  for (const sample of shuffled(samples, 3).slice(0, checkedContexts)) {
    const found = await side.get(sample.id);
    deepStrictEqual(found && toSample(found), sample, `${side.name} gave back another context`);
  }
};

/** What a side gives beside the sample left out. */
const toSample = ({ id, type, content, metadata, embeddings }: Sample): Sample => ({
  id,
  type,
  content,
  metadata,
  embeddings,
});

const tables = ["contexts", "versions", "changes", "writes", "tenants"];

/** The number of rows of every table. */
const countRows = (path: string, key: Uint8Array): Record<string, unknown> => {
  const database = connect({ path, key }, 5_000);
  try {
    const counts = tables.map((table) => [
      table,
      database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    ]);
    return Object.fromEntries(counts);
  } finally {
    database.close();
  }
};

/** @throws AssertionError where two files do not hold equally many rows in every table */
export const checkRows = (path: string, other: string, key: Uint8Array): void =>
  deepStrictEqual(countRows(path, key), countRows(other, key), "The files hold unequal rows");
