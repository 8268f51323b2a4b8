import { deepStrictEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { checkReads } from "../check.ts";
import { compareSpeeds, type Measure, names } from "../measure.ts";
import { interleave, type Times } from "../rounds.ts";
import { inBatches, type Sample, shuffled } from "../samples.ts";
import type { Scale } from "../scale.ts";
import { weigh } from "../side.ts";
import { openBareSide } from "./bare.ts";
import { openContextbaseSide } from "./contextbase.ts";
import { asNumbers, asText, openPostgresStore } from "./langgraph.ts";
import { makeDistinctSamples } from "./samples.ts";
import { inLoops, type ServerSide } from "./side.ts";
import {
  analyzeTables,
  countRows,
  dropSchemas,
  makeBareTables,
  makeTables,
  stopAutovacuum,
  type Urls,
} from "./tables.ts";

const callers = 64;

/** Puts and gets on one server, one after another and by many callers at a time. */
export const measurePostgres = async (urls: Urls, scale: Scale): Promise<Measure[]> => {
  const run = randomBytes(4).toString("hex");
  const schemas = {
    ours: `bench_contextbase_${run}`,
    bare: `bench_bare_${run}`,
    numbers: `bench_langgraph_${run}`,
    text: `bench_langgraph_text_${run}`,
  };
  try {
    await makeBareTables(urls, schemas.bare);
    const sides = [
      await openContextbaseSide(await makeTables(urls, schemas.ours)),
      await openBareSide(urls.owner, schemas.bare),
      await openPostgresStore(urls.owner, schemas.numbers, asNumbers),
      await openPostgresStore(urls.owner, schemas.text, asText),
    ];
    const all = Object.values(schemas);
    await stopAutovacuum(urls.owner, all);
    const measures = await measureSides(sides, scale, () => analyzeTables(urls.owner, all));
    for (const side of sides) await side.close();
    await checkTables(urls.owner, schemas);
    return measures;
  } finally {
    await dropSchemas(urls.owner, Object.values(schemas));
  }
};

/** @param analyze has the server count what is in the tables */
const measureSides = async (
  sides: readonly ServerSide[],
  scale: Scale,
  analyze: () => Promise<void>,
): Promise<Measure[]> => {
  const { serverRounds: rounds, warmUps } = scale;
  const all = rounds + warmUps;

  const timePuts = async (samples: readonly Sample[], writers: number): Promise<Times> => {
    const byRound = inBatches(samples, samples.length / all);
    const times = await take(sides, byRound, scale, (side, items) => inLoops(writers, items, side.put));
    for (const side of sides) await checkReads(side, samples);
    return times;
  };
  console.error(`PostgreSQL: puts of ${callers} writers…`);
  const together = makeDistinctSamples("together", all * scale.serverPutsTogether);
  const putsTogether = await timePuts(together, callers);
  await analyze();
  console.error("PostgreSQL: single puts…");
  const single = makeDistinctSamples("single", all * scale.serverSinglePuts);
  const singlePuts = await timePuts(single, 1);

  const stored = [...single, ...together];
  const timeGets = async (perRound: number, readers: number): Promise<Times> => {
    const byRound = Array.from({ length: all }, (_, round) => shuffled(stored, round).slice(0, perRound));
    const sums = new Map<string, string[]>(sides.map(({ name }) => [name, []]));
    const times = await take(sides, byRound, scale, async (side, items) => {
      let sum = 0;
      await inLoops(readers, items, async ({ id }) => {
        const found = await side.get(id);
        if (found) sum += weigh(found);
      });
      // The order of the answers, and so the last digits of their sum, is anyone's.
      sums.get(side.name)?.push(sum.toFixed(3));
    });
    for (const [name, found] of sums) {
      deepStrictEqual(found, sums.get(names.contextbase), `${name} read other contexts`);
    }
    return times;
  };
  console.error("PostgreSQL: single gets…");
  const singleGets = await timeGets(scale.serverSingleGets, 1);
  console.error(`PostgreSQL: gets of ${callers} readers…`);
  const getsTogether = await timeGets(scale.serverGetsTogether, callers);

  return [
    ...against("single put", singlePuts, { langGraph: 2.5 }),
    ...against(`put, ${callers} writers`, putsTogether, { langGraph: 10, bare: 0.7 }),
    ...against("single get", singleGets, { bare: 0.4 }),
    ...against(`get, ${callers} readers`, getsTogether, { langGraph: 1.5, bare: 0.7 }),
  ];
};

/** Each side does each round's items. */
const take = (
  sides: readonly ServerSide[],
  byRound: readonly (readonly Sample[])[],
  { serverRounds, warmUps }: Scale,
  work: (side: ServerSide, items: readonly Sample[]) => Promise<void>,
): Promise<Times> => {
  const contenders = sides.map((side) => ({
    name: side.name,
    operations: byRound[0]?.length ?? 0,
    work: (round: number) => work(side, byRound[round] ?? []),
  }));
  return interleave(contenders, serverRounds, warmUps);
};

/** The lines of one load. @param least what the ratios are to be, where there is a target */
const against = (name: string, times: Times, least: { langGraph?: number; bare?: number }): Measure[] => [
  compareSpeeds({ name, times, other: names.postgresStore, least: least.langGraph }),
  compareSpeeds({ name, times, other: names.postgresStoreText }),
  compareSpeeds({ name, times, other: names.bareSql, least: least.bare }),
];

/** All sides hold the same number of contexts; and of all other rows, where they have the same tables. */
const checkTables = async (
  url: string,
  schemas: { ours: string; bare: string; numbers: string; text: string },
): Promise<void> => {
  const ours = await countRows(url, schemas.ours);
  const bare = await countRows(url, schemas.bare);
  // SQL by hand notes no components.
  deepStrictEqual({ ...ours, components: 0 }, bare, "The schemas hold unequal rows");
  for (const schema of [schemas.numbers, schemas.text]) {
    const { store } = await countRows(url, schema);
    deepStrictEqual(store, ours.contexts, "PostgresStore holds another number of items");
  }
};
