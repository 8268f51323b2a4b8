import { contractSuite } from "../../src/testing/index.ts";
import { embedded } from "./engines.ts";

embedded.forEach(contractSuite);
