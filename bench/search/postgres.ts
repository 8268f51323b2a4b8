/**
 * Vector search on PostgreSQL beside LangGraph's PostgresStore on the same server in the same run; or, with
 * `--filters`, whether filters that few of many contexts fit give as many hits as were asked for.
 */
import { randomBytes } from "node:crypto";
import { describeServer, findServer } from "../postgres/server.ts";
import { dropSchemas, stopAutovacuum, type Urls, vacuumTables } from "../postgres/tables.ts";
import { formatList } from "../report.ts";
import { clustered, makeVectors, type VectorData } from "../vectors/data.ts";
import { measureFilters } from "./filters.ts";
import { type Line, printLines, printMachine } from "./lines.ts";
import { readOptions } from "./options.ts";
import { loadServer, openPostgresStore } from "./postgres-sides.ts";
import { measureSpeedup } from "./speedup.ts";

const options = readOptions(
  `Usage: node bench/search/postgres.ts [--rows 2000] [--filters] [--dimensions 384] [--rounds 20] [--calls 5]

  --rows N        how many vectors; the targets are for 20000 beside PostgresStore, and 200000 with --filters
  --filters       hits under filters are counted, beside no peer
  --dimensions N  of each
  --rounds N      in how many rounds the sides take turns
  --calls N       how many searches of each kind a side makes in a round

It runs on the server that CONTEXTBASE_TEST_POSTGRES_OWNER and _APP name (urls of the owner of a database, and of a
role that may connect), or on one that scripts/postgres.ts brings up.`,
  { rows: 2_000, dimensions: 384, filters: false, rounds: 20, calls: 5 },
);
const { rows: count, dimensions, rounds, calls } = options;

const run = randomBytes(4).toString("hex");
const schemas = { ours: `search_contextbase_${run}`, peer: `search_langgraph_${run}` };

const besidePeer = async (urls: Urls, data: VectorData): Promise<Line[]> => {
  console.error("Stored in PostgresStore…");
  const peer = await openPostgresStore(urls.owner, schemas.peer, data);
  console.error("Stored in Contextbase…");
  const ours = await loadServer(urls, schemas.ours, data);
  // Neither side is to wait for work that the server does on its tables of its own accord.
  await stopAutovacuum(urls.owner, Object.values(schemas));
  await vacuumTables(urls.owner, Object.values(schemas));
  console.error("Searches…");
  const least = count === 20_000 ? 10 : undefined;
  const lines = await measureSpeedup(data, ours, peer, {
    rounds,
    calls,
    least,
    leastFiltered: least,
    leastRecall: 0.95,
  });
  await peer.close();
  await ours.close();
  return lines;
};

const underFilters = async (urls: Urls, data: VectorData): Promise<Line[]> => {
  console.error("Stored…");
  const ours = await loadServer(urls, schemas.ours, data);
  await vacuumTables(urls.owner, [schemas.ours]);
  console.error("Searches…");
  const lines = await measureFilters(data, ours);
  await ours.close();
  return lines;
};

const server = await findServer();
if (!server) {
  process.exitCode = 3;
} else {
  try {
    printMachine();
    console.log(formatList(await describeServer(server)));
    const data = makeVectors(count, dimensions, clustered);
    printLines(await (options.filters ? underFilters(server, data) : besidePeer(server, data)));
  } finally {
    await dropSchemas(server.owner, Object.values(schemas));
    await server.stop();
  }
}
