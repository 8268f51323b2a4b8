import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { defineComponent } from "contextbase";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../scripts/campaigns/random.ts";
import { sqlite } from "../../../src/engine/sqlite/index.ts";
import { analyze } from "../../../src/search/text/analyze.ts";
import { key, temporaryFolder } from "../../contract/engines.ts";
import { runsOf } from "../../fuzz/runs.ts";
import { commit, createOracle, differences } from "./oracle.ts";
import { dimensions, randomContext, randomFilter, randomQuery, randomVector } from "./random-contexts.ts";

const components = ["Note", "Plan"].map((name) =>
  defineComponent({
    name,
    embeddings: { dimensions },
    indexes: ["content.colour", "metadata.n"],
    searchText: ["content.text"],
  }),
);
const registered = components.map((component) => ({
  name: component.name,
  schemaVersion: 1,
  description: JSON.stringify(component.describe()),
}));

const analyzed = (text: string): string[] => analyze(text).map(({ term }) => term);

type File = { readonly path: string; readonly key: Uint8Array | undefined };

/** How much is written: steps, ids, and contexts at once. */
type Size = { readonly steps: number; readonly ids: number; readonly most: number };

const small: Size = { steps: 120, ids: 60, most: 12 };
/** So much that it is saved, and written anew. */
const large: Size = { steps: 40, ids: 3_000, most: 2_500 };

/** Engines on one file write and search in turn, and are opened again now and then. */
const run = async (seed: number, files: readonly File[], { steps, ids: range, most }: Size = small) => {
  const random = createRandom(seed);
  const open = async (file: File) => {
    const engine = sqlite(file);
    await engine.open(registered);
    return engine;
  };
  const engines = await Promise.all(files.map(open));
  const sides = ["a", "b"].flatMap((tenant) =>
    components.map((component) => ({
      key: { tenant, component: component.name },
      oracle: createOracle(component),
    })),
  );
  const found: string[] = [];
  let now = 1_700_000_000_000;
  for (let step = 0; step < steps; step++) {
    const at = random.below(engines.length);
    const engine = engines[at];
    const { key, oracle } = random.pick(sides);
    const file = files[at];
    if (!engine || !file) break;
    now += random.below(1000);
    if (random.below(steps / 4) === 0 && file.path !== ":memory:") {
      await engine.close();
      engines[at] = await open(file);
    } else if (random.below(2) === 0) {
      const length = 1 + random.below(most);
      const ids = [...new Set(Array.from({ length }, () => `id ${random.below(range)}`))];
      const changes = ids.map((id) =>
        oracle.contexts.has(id) && random.below(3) === 0 ? { deleted: id } : randomContext(random, id),
      );
      await commit(engine, key, changes, oracle, now);
    } else {
      const asked = {
        text: random.below(4) === 0 ? undefined : randomQuery(random, analyzed),
        vector: random.below(3) === 0 ? undefined : randomVector(random),
        where: random.below(2) === 0 ? undefined : randomFilter(random),
        limit: random.pick([1, 3, 10, 1000]),
      };
      const wrong = await differences(engine, key, oracle, asked);
      // Now and then there is time to save what was found.
      if (steps === large.steps && random.below(3) === 0) await sleep(400);
      if (wrong.length > 0) found.push(`step ${step}: ${JSON.stringify(asked)}: ${wrong.join("; ")}`);
    }
  }
  await Promise.all(engines.map((engine) => engine.close()));
  return found;
};

/** Seeds of a run: `SEARCH_RUNS` makes it a campaign. */
const seedsOf = (runs: number): number[] =>
  Array.from({ length: Number(process.env.SEARCH_RUNS ?? runs) }, (_, index) => 4_000 + index);

describe("a search of the embedded engine", () => {
  it.each(seedsOf(6))("[Q3] finds in memory what a look at everything finds, seed %i", async (seed) => {
    expect(await run(seed, [{ path: ":memory:", key: undefined }])).toEqual([]);
  });

  it.each(seedsOf(3))(
    "[Q3] finds it with two engines on one file, which are reopened, seed %i",
    async (seed) => {
      const file = { path: join(temporaryFolder(), "store.db"), key: seed % 2 === 0 ? key : undefined };
      expect(await run(seed, [file, file])).toEqual([]);
    },
  );

  it.each(seedsOf(runsOf(4)))(
    "[Q3] finds it among thousands, which the search file holds, seed %i",
    async (seed) => {
      const file = { path: join(temporaryFolder(), "store.db"), key: seed % 2 === 0 ? key : undefined };
      expect(await run(seed, [file, file], large)).toEqual([]);
      expect(existsSync(`${file.path}-search`)).toBe(true);
    },
  );
});
