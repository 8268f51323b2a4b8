/**
 * What one operation costs on PostgreSQL: processor time of the server and of the program, write-ahead log, room on
 * the disk. docs/scaling.md builds on its figures.
 *
 *     node bench/postgres/costs.ts [--contexts N] [--partitions N]
 */
import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { startServer } from "../../scripts/postgres/server.ts";
import { updateLayout } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { makeSamples, Note } from "../samples.ts";
import { inLoops } from "./side.ts";

const { values } = parseArgs({
  options: { contexts: { type: "string", default: "40000" }, partitions: { type: "string" } },
});
const partitions = values.partitions === undefined ? undefined : Number(values.partitions);
const contexts = Number(values.contexts);
const callers = 64;

/** The kernel counts processor time in these (sysconf(_SC_CLK_TCK)). */
const tickMilliseconds = 10;

/** The processor time of a server's processes, those that ended among them. */
const serverMilliseconds = (postmaster: number): number => {
  let ticks = 0;
  for (const pid of readdirSync("/proc").map(Number).filter(Boolean)) {
    let fields: string[];
    try {
      fields = readFileSync(`/proc/${pid}/stat`, "utf8")
        .replace(/^.*\) /s, "")
        .split(" ");
    } catch {
      // It ended between the two looks; its parent counts it from now on.
      continue;
    }
    // proc(5): the parent, then user and system time, its own and that of children it waited for.
    if (pid === postmaster) ticks += [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    else if (Number(fields[1]) === postmaster) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * tickMilliseconds;
};

const programMilliseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const server = await startServer({ settings: { max_wal_size: "4GB" } });
try {
  const role = new URL(server.appUrl).username;
  await updateLayout({ url: server.ownerUrl }, { role, partitions });
  const base = await openContextbase({ url: server.appUrl, components: [Note] });
  const notes = base.store(Note);
  const admin = new Client({ connectionString: server.ownerUrl });
  await admin.connect();

  const ask = async (sql: string): Promise<number> =>
    Number(Object.values((await admin.query(sql)).rows[0])[0]);
  const walBytes = (): Promise<number> => ask("SELECT pg_current_wal_insert_lsn() - '0/0'");
  const tableBytes = async (): Promise<number> =>
    ask(`SELECT sum(pg_total_relation_size(format('%I.%I', schemaname, tablename)::regclass))
         FROM pg_tables WHERE schemaname = 'contextbase'`);

  const measure = async (name: string, operations: number, work: () => Promise<unknown>): Promise<void> => {
    const before = [
      serverMilliseconds(server.pid ?? 0),
      programMilliseconds(),
      await walBytes(),
      await tableBytes(),
    ];
    const started = performance.now();
    await work();
    const seconds = (performance.now() - started) / 1000;
    const after = [
      serverMilliseconds(server.pid ?? 0),
      programMilliseconds(),
      await walBytes(),
      await tableBytes(),
    ];
    const each = (at: number): number => ((after[at] ?? 0) - (before[at] ?? 0)) / operations;
    const cells = [
      name,
      (operations / seconds).toFixed(0),
      (each(0) * 1000).toFixed(0),
      (each(1) * 1000).toFixed(0),
      each(2).toFixed(0),
      each(3).toFixed(0),
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  };

  process.stdout.write(
    "| operation | per second | server CPU µs | program CPU µs | log bytes | table bytes |\n",
  );
  process.stdout.write("|---|---|---|---|---|---|\n");
  const samples = makeSamples("cost", contexts);
  const few = samples.slice(0, Math.min(2_000, contexts));
  await measure(`put, ${callers} at a time`, contexts, () =>
    inLoops(callers, samples, (one) => notes.storeContext(one)),
  );
  await admin.query("ANALYZE contextbase.contexts");
  await measure(`next version, ${callers} at a time`, contexts, () =>
    inLoops(callers, samples, (one) => notes.storeContext(one)),
  );
  await measure("put, one at a time", few.length, async () => {
    for (const one of few) await notes.storeContext({ ...one, id: `single-${one.id}` });
  });
  await measure("batch of 1,000", contexts, async () => {
    for (let at = 0; at < contexts; at += 1_000) {
      const batch = samples.slice(at, at + 1_000).map((one) => ({ ...one, id: `batch-${one.id}` }));
      await notes.storeContexts(batch);
    }
  });
  await measure(`get, ${callers} at a time`, contexts, () =>
    inLoops(callers, samples, ({ id }) => notes.retrieveContext(id)),
  );
  await measure("get, one at a time", few.length, async () => {
    for (const { id } of few) await notes.retrieveContext(id);
  });
  await measure("an earlier version, one at a time", few.length, async () => {
    for (const { id } of few) await notes.retrieveContext(id, { version: 1 });
  });
  await measure("a page of 50", 200, async () => {
    let cursor: string | undefined;
    for (let page = 0; page < 200; page++)
      cursor = (await notes.listContexts({ limit: 50, cursor })).nextCursor;
  });
  await measure("a change watched", contexts * 2, async () => {
    let seen = 0;
    for await (const _ of base.watch({ after: 0 })) if (++seen === contexts * 2) break;
  });
  await admin.end();
  await base.close();
} finally {
  await server.remove();
}
