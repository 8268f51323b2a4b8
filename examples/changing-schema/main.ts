/** A component's schema changes. What is stored is lifted as it is read, in filters and in the past too. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContextbaseError, defineComponent, openContextbase } from "contextbase";
import { z } from "zod";

const folder = mkdtempSync(join(tmpdir(), "contextbase-example-"));
const url = `file:${join(folder, "customers.db")}`;

const First = defineComponent({
  name: "Customer",
  types: { profile: z.object({ name: z.string() }) },
});

const older = await openContextbase({ url, components: [First] });
await older.store(First).storeContext({ id: "c1", type: "profile", content: { name: "Ada Lovelace" } });
await older.close();

const profile = z.object({ given: z.string(), family: z.string(), plan: z.enum(["free", "pro"]) });

// The same schema version, or no upgrade: refused before anything is read, with every difference.
const Careless = defineComponent({ name: "Customer", types: { profile }, schemaVersion: 2 });
await assert.rejects(openContextbase({ url, components: [Careless] }), (error) => {
  assert(error instanceof ContextbaseError && error.code === "incompatible_schema");
  console.log(error.message);
  return true;
});

const Customer = defineComponent({
  name: "Customer",
  types: { profile },
  schemaVersion: 2,
  upgrades: {
    2: {
      profile: ({ content, metadata }) => {
        const [given = "", ...family] = String(content.name).split(" ");
        return { content: { given, family: family.join(" "), plan: "free" }, metadata };
      },
    },
  },
});

const base = await openContextbase({ url, components: [Customer] });
const customers = base.store(Customer);
const ada = await customers.getContext("c1");
assert.deepEqual(ada.content, { given: "Ada", family: "Lovelace", plan: "free" });
assert.equal(ada.version, 1); // an upgrade is no change of the context

const lovelaces = await customers.listContexts({ where: { "content.family": "Lovelace" } });
assert.equal(lovelaces.contexts.length, 1);

const before = new Date(ada.updatedAt);
await customers.updateContext("c1", (draft) => {
  draft.content.plan = "pro";
});
const then = await base.at(before).store(Customer).getContext("c1");
assert.equal(then.content.plan, "free");
console.log(`${ada.content.given} was on plan ${then.content.plan} at ${before.toISOString()}.`);
await base.close();
rmSync(folder, { recursive: true });
