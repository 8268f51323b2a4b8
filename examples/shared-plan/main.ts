/** Eight agents tick off the steps of one plan at once. No tick is lost, and none of them waits for a lock. */
import assert from "node:assert/strict";
import { defineComponent, openContextbase } from "contextbase";
import { z } from "zod";

const Plan = defineComponent({
  name: "Plan",
  types: { plan: z.object({ goal: z.string(), done: z.array(z.string()) }) },
});

const base = await openContextbase({ url: ":memory:", components: [Plan] });
await base
  .store(Plan)
  .storeContext({ id: "trip", type: "plan", content: { goal: "A week in Lisbon", done: [] } });

const agents = Array.from({ length: 8 }, (_, number) => `agent-${number + 1}`);
await Promise.all(
  agents.map((agent) =>
    base
      .as({ id: agent })
      .store(Plan)
      .updateContext("trip", (draft) => {
        draft.content.done.push(`step of ${agent}`);
      }),
  ),
);

const plan = await base.store(Plan).getContext("trip");
assert.equal(plan.content.done.length, agents.length);
const { versions } = await base.store(Plan).history("trip");
assert.deepEqual(new Set(versions.map(({ actor }) => actor)), new Set([...agents, "anonymous"]));
console.log(`${agents.length} agents, ${plan.content.done.length} steps, version ${plan.version}.`);
await base.close();
