import { defineComponent, openContextbase } from "../../../src/index.ts";

/**
 * A process that opens a store with indexes that it did not have, and is killed while they are filled.
 *
 * node filling-process.ts FILE PATH…
 */
const [path = "", ...indexes] = process.argv.slice(2);
await openContextbase({ url: `file:${path}`, components: [defineComponent({ name: "Thing", indexes })] });
process.stdout.write("open\n");
setInterval(() => undefined, 1_000);
