/**
 * How much memory the library takes: many contexts of 1 KB are loaded and 100,000 random ones read in a
 * process of their own, whose peak must stay under 400 MB above that of a Node process that does nothing.
 * Reads /proc, which Linux has.
 *
 * Usage: node scripts/campaigns/memory.ts [--count 1000000]
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { seeded, textOf } from "../../bench/text.ts";
import { defineComponent, openContextbase } from "../../src/index.ts";

const Note = defineComponent({ name: "Note" });
const mostBytes = 400e6;
const batchContexts = 1_000;
const reads = 100_000;
const textCharacters = 990;

const statusFile = "/proc/self/status";
const idle = `process.stdout.write(require("node:fs").readFileSync(${JSON.stringify(statusFile)}))`;

/** Bytes. */
type Memory = { readonly resident: number; readonly peak: number };

const main = async (count: number): Promise<void> => {
  const alone = await memoryOf("--eval", idle);
  const busy = await memoryOf(import.meta.filename, "--child", "--count", String(count));
  const above = { resident: busy.resident - alone.resident, peak: busy.peak - alone.peak };
  console.log(
    `${count.toLocaleString("en")} contexts of 1 KB loaded, ${reads.toLocaleString("en")} random ones read`,
  );
  for (const [name, memory] of Object.entries({ "Node alone": alone, "with the library": busy, above })) {
    const [resident, peak] = [inMegabytes(memory.resident), inMegabytes(memory.peak)];
    console.log(`${name.padEnd(16)}  at the end ${resident.padStart(7)}, peak ${peak.padStart(7)}`);
  }
  const passed = above.peak <= mostBytes;
  console.log(
    `${passed ? "pass" : "FAIL"}: the peak may be ${inMegabytes(mostBytes)} above that of Node alone`,
  );
  if (!passed) process.exitCode = 1;
};

/** The memory of a Node process that ran with these arguments and told its status as it ended. */
const memoryOf = async (...args: string[]): Promise<Memory> => {
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(stdout)?.[1]) * 1024;
  return { resident: bytesOf("VmRSS"), peak: bytesOf("VmHWM") };
};

const inMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

const idOf = (number: number): string => `note-${number}`;

/** Loads batch after batch, then reads at random. */
const loadAndRead = async (count: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "contextbase-memory-"));
  try {
    const url = `file:${join(folder, "memory.db")}`;
    await using base = await openContextbase({ url, key: randomBytes(32), components: [Note] });
    const store = base.store(Note);
    const random = seeded(1);
    for (let from = 0; from < count; from += batchContexts) {
      const batch = Array.from({ length: Math.min(batchContexts, count - from) }, (_, offset) => ({
        id: idOf(from + offset),
        type: "note",
        content: { number: from + offset, text: textOf(textCharacters, random) },
      }));
      await store.storeContexts(batch);
    }
    for (let read = 0; read < reads; read++) {
      const number = Math.floor(random() * count);
      const { content } = await store.getContext(idOf(number));
      if (content.number !== number) throw new Error(`${idOf(number)} read back as another context`);
    }
    process.stdout.write(readFileSync(statusFile));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000000" }, child: { type: "boolean", default: false } },
});
const count = Number(values.count);
if (!Number.isInteger(count) || count < 1) {
  console.error(`--count is ${values.count}. It must be a whole number from 1.`);
  process.exitCode = 2;
} else if (!existsSync(statusFile)) {
  console.error(`This campaign reads ${statusFile}, which only Linux has.`);
  process.exitCode = 2;
} else if (values.child) {
  await loadAndRead(count);
} else {
  await main(count);
}
