/**
 * Kills a process with a store open as it makes its nth system call on the disk, for every n, and checks what is
 * left: while a store is made, written, checkpointed and closed, and in the middle of a large batch. Needs strace.
 *
 * node scripts/campaigns/crash-points.ts [--step 1]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { killAt, type StoreProcess, startStore, straceProblem } from "../../test/faults/processes.ts";
import { checkFile } from "./check-store.ts";
import { key } from "./journal.ts";

const { values } = parseArgs({ options: { step: { type: "string", default: "1" } } });
const keyText = key.toString("base64");
const folder = mkdtempSync(join(tmpdir(), "contextbase-crash-points-"));

type Step = { readonly call: string; readonly ids: readonly string[]; readonly [argument: string]: unknown };

const batch = (count: number, n: number): Step => ({
  call: "batch",
  ids: Array.from({ length: count }, (_, at) => `b${at}`),
  content: { n },
  bytes: 200,
});
const put = (id: string, n: number, bytes: number): Step => ({ ...batch(1, n), ids: [id], bytes });

const scenarios: readonly {
  readonly name: string;
  readonly before: readonly Step[];
  readonly steps: readonly Step[];
}[] = [
  {
    name: "made, written, closed",
    before: [],
    steps: [put("a", 1, 10), put("a", 2, 30_000), batch(20, 3), put("a", 4, 10)],
  },
  { name: "a large batch", before: [put("a", 1, 10), batch(300, 2)], steps: [batch(300, 3), batch(200, 4)] },
];

const violations: string[] = [];

/** Takes the steps one after another. @returns those answered, and the one that was not, if any */
const walk = async (
  process: StoreProcess,
  steps: readonly Step[],
  done: Step[],
): Promise<Step | undefined> => {
  for (const step of steps) {
    const { call, ...argument } = step;
    const { error } = await process.call(call, {
      ...argument,
      write: `write ${JSON.stringify(step.content)}`,
    });
    if (error?.code === "process_gone") return step;
    if (error) violations.push(`${step.call} failed: ${error.message}`);
    done.push(step);
  }
  await process.call("close");
  return undefined;
};

/** The content that each id must have after these steps. */
const stateAfter = (steps: readonly Step[]): Map<string, unknown> =>
  new Map(
    steps.flatMap(({ ids, content, bytes }) =>
      ids.map((id) => [id, { ...(content as object), fill: "x".repeat(Number(bytes)) }]),
    ),
  );

const readState = async (process: StoreProcess, ids: readonly string[]): Promise<string> => {
  const { result, error } = await process.call("readAll", { ids });
  return error ? error.message : JSON.stringify(result);
};

const expectState = (steps: readonly Step[], ids: readonly string[]): string => {
  const state = stateAfter(steps);
  return JSON.stringify(ids.map((id) => state.get(id)));
};

/** @returns whether the process was killed at all: whether it makes that many calls */
const kill = async (scenario: (typeof scenarios)[number], call: string, nth: number): Promise<boolean> => {
  const path = join(folder, "store.db");
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
  const done: Step[] = [];
  if (scenario.before.length > 0) {
    const process = await startStore(path, keyText);
    await walk(process, scenario.before, done);
    await process.kill();
  }
  const killed = await startStore(path, keyText, { command: killAt(call, nth) });
  const unanswered = killed.refused ? undefined : await walk(killed, scenario.steps, done);
  const survived = !killed.refused && !unanswered && (await killed.call("list")).error?.code === "closed";
  await killed.kill();

  const where = `${scenario.name}, killed at ${call} ${nth}`;
  const again = await startStore(path, keyText);
  if (again.refused) {
    violations.push(`${where}: does not open: ${again.refused.message}`);
    await again.kill();
    return !survived;
  }
  const ids = [...stateAfter([...scenario.before, ...scenario.steps]).keys()];
  const read = await readState(again, ids);
  const possible = [expectState(done, ids)];
  if (unanswered) possible.push(expectState([...done, unanswered], ids));
  if (!possible.includes(read)) violations.push(`${where}: reads ${read.slice(0, 200)}`);
  const { result } = unanswered
    ? await again.call("findWrite", { write: `write ${JSON.stringify(unanswered.content)}` })
    : { result: 0 };
  const landed = unanswered !== undefined && read === possible[1];
  if (result !== (landed ? unanswered?.ids.length : 0))
    violations.push(`${where}: findWrite tells ${result}`);
  const { error } = await again.call("store", { id: "after", content: {} });
  if (error) violations.push(`${where}: takes no write: ${error.message}`);
  await again.call("close");
  await again.kill();
  violations.push(...checkFile(path).map((what) => `${where}: ${what}`));
  return !survived;
};

if (straceProblem !== undefined) throw new Error(straceProblem);
let kills = 0;
for (const scenario of scenarios) {
  for (const call of ["fsync", "unlink", "ftruncate", "pwrite64"]) {
    for (let nth = 1; await kill(scenario, call, nth); nth += call === "pwrite64" ? Number(values.step) : 1) {
      kills++;
      process.stderr.write(`\r${scenario.name}: ${call} ${nth}, ${violations.length} violations `);
    }
  }
}
rmSync(folder, { recursive: true, force: true });
process.stderr.write(`\n${violations.slice(0, 20).join("\n")}\n`);
process.stdout.write(`${kills} kills, each at another system call: ${violations.length} violations\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
