import { describe, expect, it } from "vitest";
import { contractSuite } from "../../src/testing/index.ts";
import { noServer, server } from "./engines.ts";

if (server) contractSuite(server);
else console.warn(`The contract is not tested on a PostgreSQL server: ${noServer}.`);

describe("a PostgreSQL server", () => {
  it.skipIf(server === undefined && process.env.CONTEXTBASE_REQUIRE_POSTGRES !== "1")(
    "was tested; CONTEXTBASE_REQUIRE_POSTGRES=1 makes that a must",
    () => expect(server, noServer).toBeDefined(),
  );
});
