import { contractSuite } from "../../src/testing/index.ts";
import { embedded } from "./engines.ts";
import { everyDay } from "./every-day.ts";

const [plain, ...others] = embedded;
contractSuite(plain, everyDay);
for (const engine of others) contractSuite(engine);
