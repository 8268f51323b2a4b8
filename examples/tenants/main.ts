/** Two tenants use the same ids and know nothing of each other; a write sent twice happens once. */
import assert from "node:assert/strict";
import { defineComponent, openContextbase } from "contextbase";

const Memory = defineComponent({ name: "Memory" });
const base = await openContextbase({ url: ":memory:", components: [Memory] });

const acme = base.as({ id: "ann", tenant: "acme" });
const globex = base.as({ id: "bob", tenant: "globex" });

// A retry after a lost answer carries the write id of the first try.
const send = () =>
  acme
    .store(Memory)
    .storeContext({ id: "m1", type: "fact", content: { likes: "tea" } }, { write: "request-17" });
const first = await send();
assert.deepEqual(await send(), first);
assert.equal((await acme.findWrite("request-17"))?.changes[0]?.version, 1);

assert.equal(await globex.store(Memory).retrieveContext("m1"), undefined);
assert.deepEqual(await globex.store(Memory).listContexts(), { contexts: [] });
assert.equal(await globex.findWrite("request-17"), undefined);
console.log("acme remembers m1; for globex there is none.");
await base.close();
