import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { key, temporaryFolder } from "../contract/engines.ts";
import { startStore } from "./processes.ts";
import { searchProblems, Thing } from "./search-checks.ts";

const seed = Number(process.env.SEED ?? 21);

describe("a process that is killed", () => {
  it(`[Q3] while its search index is built, saved or compacted leaves one that answers right, seed ${seed}`, async () => {
    const random = createRandom(seed);
    const path = join(temporaryFolder(), "store.db");
    for (let round = 0; round < 4; round++) {
      const process = await startStore(path, Buffer.from(key).toString("base64"));
      const first = random.below(2_000);
      const ids = Array.from({ length: 1_500 }, (_, index) => `f${first + index}`);
      await process.call("search", { text: "common" });
      const text = `common round${round}x topic${round % 3}x`;
      void process.call("batch", { ids, content: { text } });
      void process.call("search", { text: `round${round}x` });
      await sleep(random.below(900));
      await process.kill();
      const base = await openContextbase({ url: `file:${path}`, key, components: [Thing] });
      expect(await searchProblems(base, Thing)).toEqual([]);
      await base.close();
    }
  });
});
