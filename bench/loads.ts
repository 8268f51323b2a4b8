import { rm } from "node:fs/promises";
import { openBare } from "./bare.ts";
import { checkReads, checkRows } from "./check.ts";
import { openContextbaseSide } from "./contextbase.ts";
import { compareSpeeds, type Measure, names } from "./measure.ts";
import { openInMemoryStore, openPouchDb } from "./peers.ts";
import { type Contender, interleave } from "./rounds.ts";
import { inBatches, type Sample } from "./samples.ts";
import type { Scale } from "./scale.ts";
import type { Side } from "./side.ts";

/** Where the loaded stores lie. */
export type LoadedPaths = { readonly ours: string; readonly bare: string; readonly pouch: string };

type Loader = Contender & { readonly finish: () => Promise<void> };

/** The load of many contexts in batches, each round into empty stores; those of the last round stay. */
export const measureLoads = async (
  paths: LoadedPaths,
  key: Uint8Array,
  samples: readonly Sample[],
  scale: Scale,
): Promise<Measure> => {
  const some = samples.slice(0, scale.pouchContexts);
  const { batchContexts } = scale;
  const loaders = [
    loader(names.contextbase, paths.ours, samples, batchContexts, (path) => openContextbaseSide(path, key)),
    loader(names.bare, paths.bare, samples, batchContexts, (path) => openBare(path, key)),
    loader(names.inMemoryStore, undefined, samples, batchContexts, openInMemoryStore),
    loader(names.pouchDb, paths.pouch, some, batchContexts, openPouchDb),
  ];
  const times = await interleave(loaders, scale.loadRounds, 0);
  for (const { finish } of loaders) await finish();
  checkRows(paths.ours, paths.bare, key);
  return compareSpeeds({ name: `bulk load of ${samples.length.toLocaleString("en")}`, least: 0.7, times });
};

const loader = (
  name: string,
  path: string | undefined,
  samples: readonly Sample[],
  batchContexts: number,
  open: (path: string) => Promise<Side> | Side,
): Loader => {
  const batches = inBatches(samples, batchContexts);
  let side: Side | undefined;
  const prepare = async (): Promise<void> => {
    await side?.close();
    if (path !== undefined) await removeStore(path);
    side = await open(path ?? "");
  };
  const finish = async (): Promise<void> => {
    if (!side) return;
    await checkReads(side, samples);
    await side.close();
  };
  return { name, operations: samples.length, prepare, work: async () => side?.load(batches), finish };
};

const removeStore = async (path: string): Promise<void> => {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) await rm(file, { recursive: true, force: true });
};
