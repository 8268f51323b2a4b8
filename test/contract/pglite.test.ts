import { expect, it } from "vitest";
import { openNew } from "../../src/testing/engine-under-test.ts";
import { contractSuite } from "../../src/testing/index.ts";
import { note, watched } from "../../src/testing/watched-embeddings.ts";
import { pglite, server } from "./engines.ts";
import { everyDay } from "./every-day.ts";

// Without a server it is all of PostgreSQL that there is.
contractSuite(pglite, server ? everyDay : undefined);

it("[Q3] without pgvector a search that would be by vector, too, names it, and the way by text alone", async () => {
  const { Note } = watched();
  const store = (await openNew(pglite, [Note])).store(Note);
  await store.storeContext(note("a", "refunds"));
  await expect(store.searchContexts({ text: "refunds" })).rejects.toMatchObject({
    code: "storage_unavailable",
    message: expect.stringMatching(/CREATE EXTENSION vector.*embeddings: \[\]/),
  });
  expect(await store.searchContexts({ text: "refunds", embeddings: [] })).toHaveLength(1);
});
