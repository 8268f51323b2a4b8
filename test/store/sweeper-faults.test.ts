import { ContextbaseError } from "contextbase";
import { expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { newId } from "../../src/base/ids.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { startSweeper } from "../../src/store/sweeping/sweeper.ts";
import { Anything } from "../contract/components.ts";

it("[V11, M1] what keeps a sweep in the background from its work is told, and it tries again", async () => {
  const engine = sqlite({ path: ":memory:", key: undefined });
  await engine.open([]);
  const causes = [new ContextbaseError("storage_busy", "Locked."), new Error("A defect.")];
  const told: string[] = [];
  let rounds = 0;
  const sweeper = startSweeper({
    engine: {
      ...engine,
      tenants: async () => {
        const cause = causes[rounds++];
        if (cause) throw cause;
        return [];
      },
    },
    components: [Anything],
    clock: systemClock,
    newId,
    commit: engine.commit,
    forget: () => undefined,
    onStep: () => undefined,
    onError: (component, { code }) => void told.push(`${component}: ${code}`),
    dryRun: false,
    everyMilliseconds: 1,
  });
  await expect.poll(() => rounds).toBeGreaterThan(2);
  await sweeper.close();
  await engine.close();
  expect(told).toEqual(["Anything: storage_busy", "Anything: internal"]);
});
