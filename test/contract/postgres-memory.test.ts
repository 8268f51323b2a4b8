import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { contractSuite, type EngineUnderTest } from "../../src/testing/index.ts";
import { noServer, server } from "./engines.ts";
import { createOnServer } from "./postgres.ts";

const { CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl = "", CONTEXTBASE_TEST_POSTGRES_APP: appUrl = "" } =
  process.env;

/** How often a search is made before the one that counts, so that what it searches is in memory by then. */
const searchesBefore = 8;

/** An engine of which every component that is searched by vector was searched often before. */
const searchedBefore = (engine: Engine): Engine => ({
  ...engine,
  search: async (query) => {
    for (let search = 0; query.vector && search < searchesBefore; search++) {
      const { plan } = await engine.search(query);
      if (plan.some(({ way }) => way.startsWith("vectors in memory"))) break;
      await sleep(2);
    }
    return engine.search(query);
  },
});

if (server) {
  const inMemory: EngineUnderTest = {
    ...server,
    name: "PostgreSQL, of whose vectors there is a copy in memory",
    create: () => createOnServer(ownerUrl, appUrl, undefined, searchedBefore),
  };
  contractSuite(inMemory, [
    "searchingVectors",
    "searchingAgain",
    "searchingReasons",
    "expiryAmongOthers",
    "embedding",
    "upgrading",
  ]);
} else {
  describe.skip(`a copy of the vectors (${noServer})`, () => it("keeps the contract", () => undefined));
}
