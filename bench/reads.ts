import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openBare } from "./bare.ts";
import { openContextbaseSide } from "./contextbase.ts";
import type { LoadedPaths } from "./loads.ts";
import { compareSpeeds, type Measure, names } from "./measure.ts";
import { openInMemoryStore, openPouchDb } from "./peers.ts";
import { type Contender, interleave } from "./rounds.ts";
import { inBatches, type Sample, shuffled } from "./samples.ts";
import type { Scale } from "./scale.ts";

const selectAlone = "the select alone";
const cached = "Contextbase, cached";

/** Reads of what `measureLoads` left: each id once in random order, and a few over and over. */
export const measureReads = async (
  paths: LoadedPaths,
  key: Uint8Array,
  samples: readonly Sample[],
  scale: Scale,
): Promise<Measure[]> => {
  const { readRounds, warmUps, cachedContexts, cachedReads, pouchContexts } = scale;
  const ours = await openContextbaseSide(paths.ours, key);
  const bare = openBare(paths.bare, key);
  const memory = openInMemoryStore();
  await memory.load([samples]);
  const pouch = openPouchDb(paths.pouch);

  const inRounds = (ids: readonly string[]): string[][] =>
    inBatches(ids, Math.floor(ids.length / (warmUps + readRounds)));
  const ids = shuffled(samples, 5).map(({ id }) => id);
  const cold = inRounds(ids.slice(cachedContexts));
  const coldOfPouch = inRounds(shuffled(samples.slice(0, pouchContexts), 5).map(({ id }) => id));
  const hot = Array.from({ length: cachedReads }, (_, at) => ids[at % cachedContexts] ?? "");
  const hotInRounds = cold.map(() => hot);

  const sums = new Map<string, number[]>();
  const reader = (
    name: string,
    byRound: readonly (readonly string[])[],
    read: (ids: readonly string[]) => Promise<number>,
  ): Contender => ({
    name,
    operations: byRound[0]?.length ?? 0,
    work: async (round) => {
      const sum = await read(byRound[round] ?? []);
      sums.set(name, [...(sums.get(name) ?? []), sum]);
    },
  });
  const times = await interleave(
    [
      reader(names.contextbase, cold, ours.getEach),
      reader(names.bare, cold, bare.getEach),
      reader(selectAlone, cold, bare.selectEach),
      reader(names.inMemoryStore, cold, memory.getEach),
      reader(names.pouchDb, coldOfPouch, pouch.getEach),
      reader(cached, hotInRounds, ours.getEach),
    ],
    readRounds,
    warmUps,
  );

  for (const side of [names.bare, names.inMemoryStore]) {
    deepStrictEqual(sums.get(side), sums.get(names.contextbase), `${side} read other contexts`);
  }
  const hits = cachedReads * (warmUps + readRounds) - cachedContexts;
  strictEqual(ours.cacheHits(), hits, "The cache did not serve the cached reads and no other");
  for (const side of [ours, bare, memory, pouch]) await side.close();

  return [
    compareSpeeds({ name: "retrieve, cold cache", least: 0.6, times }),
    compareSpeeds({ name: "retrieve, cold cache", other: selectAlone, times }),
    compareSpeeds({
      name: "retrieve, cached",
      least: 3,
      times,
      one: cached,
      other: names.contextbase,
      against: "retrieve, cold cache",
    }),
  ];
};
