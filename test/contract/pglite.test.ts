import { contractSuite } from "../../src/testing/index.ts";
import { pglite } from "./engines.ts";

contractSuite(pglite);
