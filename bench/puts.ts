import { join } from "node:path";
import { openBare } from "./bare.ts";
import { checkReads, checkRows } from "./check.ts";
import { openContextbaseSide } from "./contextbase.ts";
import { compareSpeeds, type Measure } from "./measure.ts";
import { openInMemoryStore, openPouchDb } from "./peers.ts";
import { interleave, type Times } from "./rounds.ts";
import { inBatches, makeSamples, type Sample } from "./samples.ts";
import type { Scale } from "./scale.ts";
import type { Side } from "./side.ts";

const together = 64;

/** Single puts, each durable before the next, and 64 at one moment. */
export const measurePuts = async (folder: string, key: Uint8Array, scale: Scale): Promise<Measure[]> => {
  const putTogether = async (side: Side, samples: readonly Sample[]): Promise<void> => {
    for (const group of inBatches(samples, together)) await side.putTogether(group);
  };
  const single = await timePuts(join(folder, "single"), key, scale, scale.putsPerRound, (side, samples) =>
    side.putEach(samples),
  );
  const concurrent = await timePuts(
    join(folder, "together"),
    key,
    scale,
    scale.togetherPerRound * together,
    putTogether,
  );
  return [
    compareSpeeds({ name: "durable single put", least: 0.85, times: single }),
    compareSpeeds({ name: `${together} concurrent puts`, least: 0.7, times: concurrent }),
  ];
};

const timePuts = async (
  path: string,
  key: Uint8Array,
  { putRounds, warmUps }: Scale,
  perRound: number,
  put: (side: Side, samples: readonly Sample[]) => Promise<void>,
): Promise<Times> => {
  const samples = makeSamples("put", (warmUps + putRounds) * perRound);
  const rounds = inBatches(samples, perRound);
  const [ours, bare] = [`${path}.db`, `${path}-bare.db`];
  const sides = [
    await openContextbaseSide(ours, key),
    openBare(bare, key),
    openInMemoryStore(),
    openPouchDb(path),
  ];
  const contenders = sides.map((side) => ({
    name: side.name,
    operations: perRound,
    work: (round: number) => put(side, rounds[round] ?? []),
  }));
  const times = await interleave(contenders, putRounds, warmUps);
  for (const side of sides) {
    await checkReads(side, samples);
    await side.close();
  }
  checkRows(ours, bare, key);
  return times;
};
