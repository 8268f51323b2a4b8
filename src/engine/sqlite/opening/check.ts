import { Worker } from "node:worker_threads";
import type { Database } from "better-sqlite3-multiple-ciphers";
import { ContextbaseError } from "../../../base/errors.ts";
import type { Finding } from "../../engine.ts";
import { toFault } from "../connection/faults.ts";
import type { StoreFile } from "../connection/store-file.ts";
import { threadFile } from "../connection/thread-file.ts";
import { layoutVersion } from "../layout/layout.ts";

export type CheckOrder = { readonly file: StoreFile; readonly now: number };

/** How many damages are listed; one is enough to restore the file. */
const listedDamages = 5;

/** Two machines' clocks differ by this much without anything being wrong. */
const clockToleranceMilliseconds = 60_000;

const restore = "Restore it from a backup, or export what can still be read.";

/** Looks at everything there is to see in a file, every page of it included. Changes nothing. */
export const checkDatabase = (database: Database, { file, now }: CheckOrder): Finding[] => [
  checkEncryption(file),
  { check: "layout", status: "ok", found: `layout ${layoutVersion}` },
  checkJournal(database),
  checkIntegrity(database, file.path),
  checkIndexes(database),
  checkClock(database, now),
];

/** The same in a thread of its own: a large file takes seconds. */
export const checkInThread = async (order: CheckOrder): Promise<Finding[]> => {
  const worker = new Worker(threadFile("check-thread"), { workerData: order });
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve).once("error", reject);
    });
  } finally {
    await worker.terminate();
  }
};

const checkEncryption = ({ path, key }: StoreFile): Finding => {
  if (path === ":memory:") return { check: "encryption", status: "ok", found: "nothing is on a disk" };
  if (key) return { check: "encryption", status: "ok", found: "the whole file is encrypted (AEGIS)" };
  const mend = "Export it, and import it into a store that is opened with a key.";
  return { check: "encryption", status: "warn", found: "the file is not encrypted", mend };
};

const checkJournal = (database: Database): Finding => {
  const mode = String(database.pragma("journal_mode", { simple: true }));
  if (mode === "wal" || mode === "memory") return { check: "journal", status: "ok", found: mode };
  const mend = "Keep the file on a local disk: a write-ahead log needs shared memory, which others lack.";
  return { check: "journal", status: "warn", found: `${mode}, not wal`, mend };
};

const checkIntegrity = (database: Database, path: string): Finding => {
  try {
    const found = database.prepare(`PRAGMA integrity_check(${listedDamages})`).pluck().all().map(String);
    if (found.join() === "ok") return { check: "integrity", status: "ok", found: "every page is whole" };
    return { check: "integrity", status: "fail", found: found.join("; "), mend: restore };
  } catch (cause) {
    const fault = toFault(cause, path);
    if (!(fault instanceof ContextbaseError)) throw fault;
    return { check: "integrity", status: "fail", found: fault.message, mend: restore };
  }
};

/** Filters on a path that is not filled yet read every context. */
const checkIndexes = (database: Database): Finding => {
  const states = database.prepare<[], string>("SELECT state FROM key_paths").pluck().all();
  const unfilled = states.filter((state) => state === "filling" || state === "renewing").length;
  const many = `${states.length} ${states.length === 1 ? "path has" : "paths have"} rows`;
  if (unfilled === 0) return { check: "indexes", status: "ok", found: many };
  const mend = "Leave the store open in a program: they are filled in the background.";
  return { check: "indexes", status: "warn", found: `${many}, those of ${unfilled} not all yet`, mend };
};

/** A clock that was set back would give new versions times that lie in the future for everybody else. */
const checkClock = (database: Database, now: number): Finding => {
  const newest = database
    .prepare<[], number | null>(
      "SELECT max(at) FROM tenants t JOIN changes c ON c.tenant = t.tenant AND c.position = t.position",
    )
    .pluck()
    .get();
  const time = (at: number): string => new Date(at).toISOString();
  if (!newest || newest <= now + clockToleranceMilliseconds) {
    return { check: "clock", status: "ok", found: time(now) };
  }
  const found = `${time(now)}, but the newest change is of ${time(newest)}`;
  return { check: "clock", status: "warn", found, mend: "Set the clock, by a time service if there is one." };
};
