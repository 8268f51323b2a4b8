/**
 * Vector search beside usearch, sqlite-vec and LanceDB, on the same vectors in one run: the search alone, in memory,
 * without contexts. Ratios are to usearch's exactSearch of all rows; below 1 is faster.
 *
 *     node bench/vectors/main.ts [--rows 100000] [--kind clustered|uniform|cornered] [--peers all|exact|none]
 */
import { parseArgs } from "node:util";
import { stopwatch } from "../../src/base/clock.ts";
import { clustered, cornered, makeVectors, type Row, type RowFilter, uniform } from "./data.ts";
import { buildExactSearch, buildHnsw, buildLanceDb, buildSqliteVec, type VectorPeer } from "./peers.ts";
import { buildSlab } from "./slab.ts";
import { nearest, recall } from "./truth.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    kind: { type: "string", default: "clustered" },
    peers: { type: "string", default: "all" },
    limit: { type: "string", default: "10" },
  },
});
const dimensions = 384;
const limit = Number(values.limit);
const clustering = new Map(Object.entries({ clustered, uniform, cornered })).get(values.kind) ?? clustered;
const others = {
  all: [buildExactSearch, buildHnsw, buildSqliteVec, buildLanceDb],
  exact: [buildExactSearch],
};
const builders = [buildSlab, ...(new Map(Object.entries(others)).get(values.peers) ?? [])];

const { rows, queries } = makeVectors(Number(values.rows), dimensions, clustering, 100);

type Case = { readonly name: string; readonly filterOf: (query: number) => RowFilter | undefined };
const cases: readonly Case[] = [
  { name: "all", filterOf: () => undefined },
  { name: "10 %", filterOf: (query) => ({ column: "tenth", value: query % 10 }) },
  { name: "1 %", filterOf: (query) => ({ column: "hundredth", value: query % 100 }) },
  { name: "0.1 %", filterOf: (query) => ({ column: "thousandth", value: query % 1_000 }) },
];

const built: { peer: VectorPeer; seconds: number }[] = [];
for (const build of builders) {
  const started = stopwatch();
  const peer = await build(rows);
  built.push({ peer, seconds: (stopwatch() - started) / 1_000 });
}

const exactSearch = built[1]?.peer;

const at = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? Number.NaN;

type Outcome = { readonly peer: VectorPeer; readonly times: number[]; readonly found: (readonly number[])[] };

const turn = 20;

/** Peers take turns of some queries each, so that what disturbs the machine disturbs all. The first round warms up. */
const measure = async ({ name, filterOf }: Case): Promise<Outcome[]> => {
  const outcomes = built
    .filter(({ peer }) => name === "all" || peer !== exactSearch)
    .map(({ peer }) => ({ peer, times: [] as number[], found: [] as (readonly number[])[] }));
  for (const warm of [false, true])
    for (let first = 0; first < queries.length; first += turn)
      for (const { peer, times, found } of outcomes)
        for (const [index, query] of queries.slice(first, first + turn).entries()) {
          const started = stopwatch();
          const numbers = await peer.search(query, limit, filterOf(first + index));
          if (!warm) continue;
          times.push(stopwatch() - started);
          found.push(numbers);
        }
  return outcomes;
};

const truthOf = ({ filterOf }: Case, some: readonly Row[]): number[][] =>
  queries.map((query, number) => nearest(some, [query], limit, filterOf(number))[0] ?? []);

for (const { peer, seconds } of built) console.log(`${peer.name}: built in ${seconds.toFixed(1)} s`);
let exact = Number.NaN;
for (const one of cases) {
  const truth = truthOf(one, rows);
  const outcomes = await measure(one);
  exact = outcomes.flatMap(({ peer, times }) => (peer === exactSearch ? [at(times, 0.5)] : []))[0] ?? exact;
  for (const { peer, times, found } of outcomes) {
    const middle = at(times, 0.5);
    const parts = [
      `p10 ${at(times, 0.1).toFixed(3)} ms`,
      `p50 ${middle.toFixed(3)} ms`,
      `p99 ${at(times, 0.99).toFixed(3)} ms`,
    ];
    const ratio = `${(middle / exact).toFixed(3)} of exactSearch`;
    console.log(
      [one.name, peer.name, ...parts, ratio, `recall ${recall(found, truth).toFixed(4)}`].join("\t"),
    );
  }
}
for (const { peer } of built) peer.close();
