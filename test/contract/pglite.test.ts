import { contractSuite } from "../../src/testing/index.ts";
import { pglite, server } from "./engines.ts";
import { everyDay } from "./every-day.ts";

// Without a server it is all of PostgreSQL that there is.
contractSuite(pglite, server ? everyDay : undefined);
