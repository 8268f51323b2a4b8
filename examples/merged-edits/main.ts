/** Two people edit one ticket offline. Their edits are merged field by field; what nobody can decide is listed. */
import assert from "node:assert/strict";
import { defineComponent, MergeConflictError, openContextbase } from "contextbase";
import { z } from "zod";

const Ticket = defineComponent({
  name: "Ticket",
  types: {
    ticket: z.object({
      title: z.string(),
      owner: z.string(),
      labels: z.array(z.string()),
      hours: z.number(),
    }),
  },
  merge: { "content.labels": "union", "content.hours": "sum" },
});

const base = await openContextbase({ url: ":memory:", components: [Ticket] });
const ada = base.as({ id: "ada" }).store(Ticket);
const grace = base.as({ id: "grace" }).store(Ticket);

const content = { title: "Login fails", owner: "nobody", labels: ["bug"], hours: 1 };
const first = await ada.storeContext({ id: "t1", type: "ticket", content });

// Both begin with version 1, and both count on being version 2.
const adas = { ...content, owner: "Ada", labels: ["bug", "auth"], hours: 3 };
const graces = { ...content, title: "Login fails on Safari", labels: ["bug", "browser"], hours: 2 };
await ada.storeContext({ ...first, content: adas, version: 2 });
const merged = await grace.storeContext({ ...first, content: graces, version: 2 }, { onConflict: "merge" });
assert.deepEqual(
  { ...merged.content, labels: merged.content.labels.toSorted() },
  { title: "Login fails on Safari", owner: "Ada", labels: ["auth", "browser", "bug"], hours: 4 },
);
const [newest] = (await ada.history("t1")).versions;
assert.deepEqual([newest?.version, newest?.parents], [3, [2, 1]]);

// The same field, two ways, and no policy: nothing is stored, and the conflict is named.
const third = { ...first, content: { ...content, owner: "Grace" }, version: 2 };
await assert.rejects(grace.storeContext(third, { onConflict: "merge" }), (error) => {
  assert(error instanceof MergeConflictError);
  console.log(error.conflicts.map(({ path, yours, theirs }) => `${path}: ${yours} or ${theirs}?`).join("\n"));
  return true;
});

// What changed, and back again.
console.log(await ada.diff("t1", 1, 3));
const back = await ada.revertContext("t1", 1);
assert.deepEqual([back.version, back.content], [4, content]);
await base.close();
