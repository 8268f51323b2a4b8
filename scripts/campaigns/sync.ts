/**
 * Lets fsync fail in one of two processes that write to one file, asks both what became of the writes, kills and
 * reopens them, and checks that nothing that was acknowledged or told ever turns out otherwise. Needs strace.
 *
 * node scripts/campaigns/sync.ts [--rounds 100] [--seed N]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { breakDisk, type StoreProcess, startStore, straceProblem } from "../../test/faults/processes.ts";
import { checkFile } from "./check-store.ts";
import { key } from "./journal.ts";
import { createRandom } from "./random.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "100" }, seed: { type: "string" } },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = createRandom(seed);
const keyText = key.toString("base64");
const folder = mkdtempSync(join(tmpdir(), "contextbase-sync-"));
const violations: string[] = [];
const count = { acknowledged: 0, unknown: 0, happened: 0, absent: 0, kills: 0 };

const small = ["c0"];
const large = Array.from({ length: 200 }, (_, n) => `c${n}`);

const round = async (number: number): Promise<void> => {
  const path = join(folder, `store-${number}.db`);
  const open = (): Promise<StoreProcess> => startStore(path, keyText);
  const processes = [await open(), await open()];
  /** Of each write id, how many contexts it wrote, where that is sure. */
  const sure = new Map<string, number>();
  const doubtful = new Map<string, { readonly size: number; readonly syncs: number }>();
  /** How often a sync must have succeeded: it makes everything durable that lies before it. */
  let syncs = 0;
  let writes = 0;
  let broken:
    | { readonly at: number; readonly every: boolean; readonly heal: () => Promise<void> }
    | undefined;

  const some = (): number => random.below(2);
  const processAt = (at: number): StoreProcess => {
    const found = processes[at];
    if (!found) throw new Error("no such process");
    return found;
  };
  const heal = async (): Promise<void> => {
    await broken?.heal();
    broken = undefined;
  };

  const write = async (at: number): Promise<void> => {
    // A write whose outcome is in doubt is sometimes sent again under its id.
    const [again] = random.below(3) === 0 ? doubtful : [];
    const id = again?.[0] ?? `write ${++writes}`;
    const ids = (again?.[1].size ?? random.pick([1, 1, 200])) === 1 ? small : large;
    const { error } = await processAt(at).call("batch", { ids, content: { write: id }, write: id });
    if (!error) {
      const failing = broken?.at === at && broken.every;
      if (failing && (again?.[1].syncs ?? syncs) === syncs) {
        violations.push(`${id} was acknowledged, and no sync succeeded`);
      }
      if (!failing) syncs++;
      sure.set(id, ids.length);
      doubtful.delete(id);
      count.acknowledged++;
      return;
    }
    if (!/^(outcome_unknown|storage_failed)$/.test(error.code)) violations.push(`${id}: ${error.message}`);
    if (broken?.at !== at) violations.push(`${id} failed on a sound disk: ${error.message}`);
    doubtful.set(id, { size: ids.length, syncs });
    count.unknown++;
  };

  const ask = async (at: number): Promise<void> => {
    for (const [id, { size }] of [...doubtful]) {
      const { result, error } = await processAt(at).call("findWrite", { write: id });
      if (error) {
        if (broken?.at !== at) violations.push(`findWrite failed on a sound disk: ${error.message}`);
        continue;
      }
      if (result !== 0 && result !== size) violations.push(`${id} is there in part`);
      syncs++;
      if (result === 0) count.absent++;
      else count.happened++;
      sure.set(id, Number(result));
      doubtful.delete(id);
    }
  };

  const check = async (at: number): Promise<void> => {
    for (const [id, size] of sure) {
      const { result, error } = await processAt(at).call("findWrite", { write: id });
      if (error ? broken?.at !== at : result !== size) {
        violations.push(`round ${number}: ${id} was told as ${size}, and is ${error?.message ?? result}`);
      }
    }
  };

  const restart = async (at: number): Promise<void> => {
    if (broken?.at === at) await heal();
    count.kills++;
    await processAt(at).kill();
    processes[at] = await open();
  };

  for (let step = 0; step < 25 && violations.length === 0; step++) {
    const at = broken && random.below(3) > 0 ? broken.at : some();
    const chance = random.below(100);
    if (chance < 45) await write(at);
    else if (chance < 60) await ask(at);
    else if (chance < 65) await processAt(at).call("readAll", { ids: small });
    else if (chance < 80) {
      if (broken) await (random.below(2) ? heal() : write(broken.at));
      else {
        const inject = random.pick(["error=EIO", "error=EIO", "error=EIO:when=1", "error=EIO:when=2+3"]);
        const files = random.pick([[], [`${path}-wal`], [path]]);
        const every = inject === "error=EIO" && files.length === 0;
        broken = { at, every, ...(await breakDisk(processAt(at).pid, `fsync,fdatasync:${inject}`, files)) };
      }
    } else if (chance < 92) await restart(at);
    else {
      // All at once, so that the next one to open the file recovers it from its log.
      await heal();
      await Promise.all(processes.map((process) => process.kill()));
      processes[0] = await open();
      processes[1] = await open();
      await check(some());
    }
  }
  await heal();
  await ask(some());
  await check(0);
  await Promise.all(processes.map((process) => process.kill()));
  processes[0] = await open();
  await check(0);
  await processAt(0).call("close");
  await processAt(0).kill();
  violations.push(...checkFile(path));
};

if (straceProblem !== undefined) throw new Error(straceProblem);
process.stderr.write(`seed ${seed}\n`);
let done = 0;
for (; done < rounds && violations.length === 0; done++) {
  await round(done);
  process.stderr.write(`\rround ${done + 1}/${rounds}, ${violations.length} violations `);
}
rmSync(folder, { recursive: true, force: true });
process.stderr.write(`\n${violations.slice(0, 20).join("\n")}\n`);
process.stdout.write(
  `${done} rounds of failing syncs: ${count.acknowledged} writes acknowledged, ${count.unknown} in doubt, of which ` +
    `${count.happened} were told to have happened and ${count.absent} not; ${count.kills} kills; ` +
    `${violations.length} violations (seed ${seed})\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
