/**
 * Does a PostgreSQL server, and the way to it, harm after harm while many write, read and watch, and checks that
 * each write is there once or not at all, as it was told, and that all goes on by itself soon after.
 *
 * node scripts/campaigns/faults.ts [--faults 500] [--seed N] [--longest MILLISECONDS] [--only NAME]
 *     [--statement MILLISECONDS] [--lock MILLISECONDS]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { stopwatch } from "../../src/base/clock.ts";
import { postgres, updateLayout } from "../../src/engine/postgres/index.ts";
import { openContextbase } from "../../src/index.ts";
import { say } from "../postgres/command.ts";
import { makeNetwork } from "../postgres/network.ts";
import { startProxy } from "../postgres/proxy.ts";
import { connect } from "../postgres/roles.ts";
import { startServer } from "../postgres/server.ts";
import { faults } from "./faults-kinds.ts";
import { createLedger } from "./faults-ledger.ts";
import { counters, startLoad } from "./faults-load.ts";
import { withMeasure } from "./faults-measure.ts";
import {
  promisedMilliseconds,
  type Recovery,
  recoveryOfStores,
  tableOf,
  waitForRecovery,
} from "./faults-recovery.ts";
import { startWatcher } from "./faults-watcher.ts";
import { Thing } from "./journal.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: {
    faults: { type: "string", default: "500" },
    seed: { type: "string" },
    longest: { type: "string", default: "3000" },
    only: { type: "string" },
    statement: { type: "string", default: "4000" },
    lock: { type: "string", default: "2000" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);
const tenants = ["main", "other"];

/** Longer than all of these a fault is told; shorter it is waited out. */
const timeouts = {
  connectMilliseconds: 3_000,
  statementMilliseconds: Number(values.statement),
  lockMilliseconds: Number(values.lock),
};
const patient = { ...timeouts, callMilliseconds: 20_000 };
const impatient = { ...timeouts, callMilliseconds: 1_500 };
const loads = [
  { name: "patient", tenant: "main", timeouts: patient, writers: 8, readers: 2, cut: false },
  { name: "impatient", tenant: "main", timeouts: impatient, writers: 8, readers: 2, cut: false },
  { name: "other", tenant: "other", timeouts: patient, writers: 4, readers: 1, cut: true },
  { name: "hasty", tenant: "other", timeouts: impatient, writers: 4, readers: 1, cut: true },
];

say(`seed ${seed}`);
const made = await makeNetwork();
const network = typeof made === "string" ? undefined : made;
if (typeof made === "string") say(`The network is never cut: ${made}.`);

const names = Object.entries(faults).flatMap(([name, { weight, needsNetwork }]) => {
  const isLeftOut = (needsNetwork && !network) || (values.only ?? name) !== name;
  return isLeftOut ? [] : Array.from({ length: weight }, () => name);
});
if (names.length === 0) {
  await network?.remove();
  throw new Error(`No fault called ${values.only} can be made here.`);
}

const addresses = ["127.0.0.1", ...(network ? [network.address] : [])];
const server = await startServer({
  settings: { max_connections: 80, log_min_messages: "fatal", listen_addresses: addresses.join(",") },
});
const proxy = await startProxy(server.port);
await updateLayout({ url: server.ownerUrl }, { role: "contextbase_app" });

const violations: string[] = [];
const report = (wrong: readonly string[]): void => {
  for (const line of wrong.slice(0, 5)) say(`  VIOLATION ${line}`);
  violations.push(...wrong);
};

const throughProxy = proxy.through(server.appUrl);
const throughNetwork = (await network?.lead(server.port))?.(server.appUrl) ?? throughProxy;

const open = (timeouts: typeof patient, url: string) =>
  openContextbase({
    engine: withMeasure(postgres({ url, connections: 8, timeouts }), timeouts, report),
    components: [Thing],
  });

// As the owner, and not by way of what is broken.
const log = postgres({ url: server.ownerUrl, connections: 1 });
const ledger = createLedger(tenants, log);
const first = await open(patient, throughProxy);
for (const tenant of tenants) {
  const write = `the counters of ${tenant}`;
  const intent = { tenant, token: write, changes: counters.length, write };
  ledger.begin(intent);
  const contexts = counters.map((id) => ({ id, type: "counter", content: { token: write, count: 0 } }));
  await first.as({ id: "campaign", tenant }).store(Thing).storeContexts(contexts, { write });
  ledger.tell(intent, "acknowledged");
}
const bases = await Promise.all(
  loads.map(({ timeouts, cut }) => open(timeouts, cut ? throughNetwork : throughProxy)),
);
const watchers = tenants.map((tenant) => startWatcher(first, tenant));
const running = loads.map((load, index) => {
  const base = bases[index] ?? first;
  return startLoad({ ...load, base, seed: seed + index, ledger });
});

const drain = (): void => {
  for (const load of running) report(load.violations.splice(0));
};

const recoveries: Recovery[] = [];

const milliseconds = (): number => {
  const longest = Number(values.longest);
  // Mostly shorter than a timeout, now and then longer than a whole call.
  return random.below(5) === 0 ? random.below(longest * 2) : random.below(longest / 2);
};

await sleep(1_000);
const began = stopwatch();
for (let n = 1; n <= Number(values.faults); n++) {
  const kind = random.pick(names);
  const start = stopwatch();
  await faults[kind]?.fault({ server, proxy, network, random, tenants, milliseconds });
  const end = stopwatch();
  const { stores, lanes, behind } = await waitForRecovery(running, end);
  recoveries.push({ kind, stores, lanes });
  if (behind.length > 0) report([`after ${kind} these did not go on: ${behind.join(", ")}`]);
  const figures = [end - start, stores, lanes].map(Math.round);
  say(`${n} ${kind}: ${figures[0]} ms, all stores after ${figures[1]} ms, all lanes after ${figures[2]} ms`);
  await sleep(random.below(300));
  drain();
  report(await ledger.check());
}
const seconds = Math.round((stopwatch() - began) / 1_000);

await Promise.all(running.map((load) => load.stop()));
// What was frozen or lost may still land: after that, it may not.
await sleep(3_000);
drain();
report(await connect(server.ownerUrl, (owner) => ledger.checkAll(owner)));
for (const { tenant, stop } of watchers) report(await stop(ledger.logOf(tenant)));
drain();
await Promise.all([first, ...bases, log].map((base) => base.close()));
await proxy.close();
await network?.remove();
if (violations.length === 0) await server.remove();
else say(`The server stays for a look: ${server.adminUrl}`);

process.stdout.write(tableOf(recoveries));
for (const [index, { calls, errors }] of running.entries()) {
  const told = [...errors].map(([code, count]) => `${count} ${code}`).join(", ") || "none";
  process.stdout.write(
    `${loads[index]?.name}: ${calls.count} calls, longest ${Math.round(calls.longest)} ms; errors: ${told}\n`,
  );
}
process.stdout.write(
  `${recoveries.length} faults in ${seconds} s: ${JSON.stringify(ledger.totals())}; ${violations.length} violations (seed ${seed})\n`,
);
const isSoon = recoveryOfStores(recoveries) < promisedMilliseconds;
if (!isSoon) process.stdout.write(`p99 of all stores is not under ${promisedMilliseconds} ms\n`);
process.exitCode = violations.length === 0 && isSoon ? 0 : 1;
