/** A customer's profile and notes: typed, versioned, with every earlier state at hand. */
import assert from "node:assert/strict";
import { type ContextOf, defineComponent, openContextbase, VersionConflictError } from "contextbase";
import { z } from "zod";

const Customer = defineComponent({
  name: "Customer",
  types: {
    profile: z.object({ name: z.string(), plan: z.enum(["free", "pro"]) }),
    note: z.object({ text: z.string() }),
  },
  metadata: z.object({ source: z.string() }).partial(),
});
type CustomerContext = ContextOf<typeof Customer>;

const base = await openContextbase({ url: ":memory:", components: [Customer] });
const customers = base.store(Customer);

await customers.storeContext({ id: "c1", type: "profile", content: { name: "Ada", plan: "free" } });
await customers.storeContext({
  type: "note",
  content: { text: "Called about invoices." },
  metadata: { source: "phone" },
});

const upgraded: CustomerContext = await customers.updateContext("c1", (draft) => {
  if (draft.type === "profile") draft.content.plan = "pro";
});
assert.equal(upgraded.version, 2);

const before = await customers.retrieveContext("c1", { version: 1 });
assert.deepEqual(before?.content, { name: "Ada", plan: "free" });

// Two who read version 2 and write version 3: the second is told, and nothing of the first is lost.
await customers.storeContext({ ...upgraded, version: 3 });
await assert.rejects(customers.storeContext({ ...upgraded, version: 3 }), (error) => {
  assert.ok(error instanceof VersionConflictError && error instanceof Customer.Error);
  assert.equal(error.current, 3);
  return true;
});

const { versions } = await customers.history("c1");
assert.deepEqual(
  versions.map(({ version }) => version),
  [3, 2, 1],
);
console.log(`Customer c1 has ${versions.length} versions; the plan was free, and is pro.`);
await base.close();
