import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3-multiple-ciphers";
import { ContextbaseError, openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { Anything } from "../contract/components.ts";
import { key, temporaryFolder } from "../contract/engines.ts";
import { copyOfStore } from "./copied-store.ts";
import { errorOf, fingerprint } from "./files.ts";
import { startStore } from "./processes.ts";

const otherKey = new Uint8Array(32).fill(9);
const keyText = Buffer.from(key).toString("base64");

const open = (path: string, withKey: Uint8Array | undefined) =>
  openContextbase({ url: `file:${path}`, key: withKey, components: [Anything] });

/** A store with a few contexts: closed, or with a write-ahead log that a killed process left. */
const makeStore = (left: "closed" | "killed", withKey?: Uint8Array): Promise<string> =>
  copyOfStore(`${left} ${withKey}`, async (path) => {
    const process = await startStore(path, withKey && Buffer.from(withKey).toString("base64"));
    for (let n = 0; n < 20; n++) await process.call("store", { id: `c${n}`, content: { n }, bytes: 2_000 });
    if (left === "closed") await process.call("close");
    await process.kill();
  });

const expectRefusal = async (path: string, withKey: Uint8Array | undefined, code: string) => {
  const before = fingerprint(path);
  const error = await errorOf(() => open(path, withKey));
  expect(error).toBeInstanceOf(ContextbaseError);
  expect(error).toMatchObject({ code });
  const { message } = error as ContextbaseError;
  expect(message.split("\n")).toHaveLength(1);
  expect(message).toContain(path.trim());
  expect(message).not.toContain(keyText);
  expect(fingerprint(path)).toEqual(before);
};

const unlock = (path: string, withKey: Uint8Array | undefined): Database.Database => {
  const database = new Database(path);
  if (withKey) {
    database.pragma("cipher = 'aegis'");
    database.key(Buffer.from(`raw:${Buffer.from(withKey).toString("hex")}`));
  }
  return database;
};

describe.for(["closed", "killed"] as const)("[K2] a store whose process was %s", (left) => {
  it("[K2] does not open with another key", async () => {
    await expectRefusal(await makeStore(left, key), otherKey, "wrong_key");
  });

  it("[K2] does not open without its key", async () => {
    await expectRefusal(await makeStore(left, key), undefined, "wrong_key");
  });

  it("[K2] does not open with a key where it has none", async () => {
    await expectRefusal(await makeStore(left), key, "wrong_key");
  });

  it.for([key, undefined])("[K2] does not open where a newer layout is stamped", async (withKey) => {
    const path = await makeStore(left, withKey);
    const database = unlock(path, withKey);
    database.pragma("user_version = 7");
    const error = await errorOf(() => open(path, withKey));
    expect(error).toMatchObject({ code: "newer_layout" });
    if (left === "closed") database.close();
    await expectRefusal(path, withKey, "newer_layout");
    database.close();
  });

  it("[K2] opens with its key after every refusal, with everything in it", async () => {
    const path = await makeStore(left, key);
    await errorOf(() => open(path, otherKey));
    await errorOf(() => open(path, undefined));
    const again = await startStore(path, keyText);
    onTestFinished(again.kill);
    expect((await again.call("list")).result).toHaveLength(20);
  });
});

describe("a file that is no store", () => {
  const sqlite = (path: string, mode: string): void => {
    const database = new Database(path);
    database.pragma(`journal_mode = ${mode}`);
    database.exec("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')");
    database.close();
  };
  /** As a process leaves it that was killed in a transaction: its journal has what it changed. */
  const interrupted = (path: string): void => {
    sqlite(`${path}.whole`, "delete");
    const database = new Database(`${path}.whole`);
    database.pragma("synchronous = OFF");
    database.exec("BEGIN; UPDATE notes SET text = 'changed'");
    copyFileSync(`${path}.whole-journal`, `${path}-journal`);
    copyFileSync(`${path}.whole`, path);
    database.close();
  };
  const files: readonly (readonly [what: string, make: (path: string) => void])[] = [
    ["a text", (path) => writeFileSync(path, "Not a database.\n".repeat(1_000))],
    ["a text as long as pages are", (path) => writeFileSync(path, "Not a database.\n".repeat(1_024))],
    ["ten bytes", (path) => writeFileSync(path, "ten bytes.")],
    ["a page of zeros", (path) => writeFileSync(path, Buffer.alloc(8192))],
    ["a folder", (path) => mkdirSync(path)],
    ["another SQLite database", (path) => sqlite(path, "delete")],
    ["another SQLite database with a log", (path) => sqlite(path, "wal")],
    ["another SQLite database with a journal that stays", (path) => sqlite(path, "persist")],
    ["another SQLite database with a hot journal", (path) => interrupted(path)],
  ];
  const cases = files.flatMap(([what, make]) =>
    [key, undefined].map((withKey) => ({ what, make, withKey, how: withKey ? "with" : "without" })),
  );

  it.for(cases)("[K2] $what is refused $how a key, and untouched", async ({ make, withKey, what }) => {
    const path = join(temporaryFolder(), "store.db");
    make(path);
    if (what === "a folder") {
      expect(await errorOf(() => open(path, withKey))).toMatchObject({
        code: expect.stringMatching(/not_a_store|storage_unavailable/),
      });
      expect(readdirSync(path)).toEqual([]);
      return;
    }
    const expected =
      withKey || !what.startsWith("another")
        ? /^(not_a_store|wrong_key|storage_read_only)$/
        : /^(not_a_store|storage_read_only)$/;
    await expectRefusal(path, withKey, expect.stringMatching(expected));
  });

  it("[K2] another database is untouched, too, where spaces stand around its path", async () => {
    const path = join(temporaryFolder(), "store.db");
    sqlite(path, "delete");
    const before = fingerprint(path);
    expect(await errorOf(() => open(`${path} `, undefined))).toBeInstanceOf(ContextbaseError);
    expect(fingerprint(path)).toEqual(before);
  });
});

describe("a store that is cut off", () => {
  it.for([100, 8_192, 20_000, 40_960])("[K2] after %i bytes reads right or not at all", async (bytes) => {
    const path = await makeStore("closed", key);
    truncateSync(path, bytes);
    const before = fingerprint(path);
    const process = await startStore(path, keyText);
    onTestFinished(process.kill);
    const errors = [];
    if (process.refused) errors.push(process.refused.code);
    else {
      for (let n = 0; n < 20; n++) {
        const { result, error } = await process.call("read", { id: `c${n}` });
        if (error) errors.push(error.code);
        else expect(result).toMatchObject({ n });
      }
    }
    expect(errors.length).toBeGreaterThan(0);
    expect(
      errors.filter((code) => !/^(storage_corrupt|not_a_store|wrong_key|storage_failed)$/.test(code)),
    ).toEqual([]);
    await process.kill();
    expect(fingerprint(path)).toEqual(before);
  });
});

const dropProblem = ((): string | undefined => {
  const tried = spawnSync("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "true"]);
  return tried.status === 0 ? undefined : "no other user can be taken here (setpriv)";
})();

describe("a place that cannot be written", () => {
  const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const cases = [
    { what: "a read-only file in a read-only folder", file: 0o444, folder: 0o555 },
    { what: "a read-only file", file: 0o444, folder: 0o777 },
    { what: "a read-only folder", file: 0o666, folder: 0o555 },
    { what: "a file that cannot be read", file: 0o000, folder: 0o777 },
    { what: "a folder that cannot be entered", file: 0o666, folder: 0o000 },
    { what: "a new file in a read-only folder", file: undefined, folder: 0o555 },
  ];

  it.for(cases)("[K2] $what refuses writes by name", async ({ file, folder }, { skip }) => {
    if (dropProblem) skip(dropProblem);
    const path = await makeStore("closed", key);
    if (file === undefined) rmSync(path);
    else chmodSync(path, file);
    const before = fingerprint(path);
    chmodSync(join(path, ".."), folder);
    const process = await startStore(path, keyText, { command: asNobody });
    onTestFinished(process.kill);
    const failure = process.refused ?? (await process.call("store", { id: "new", content: {} })).error;
    await process.kill();
    chmodSync(join(path, ".."), 0o755);
    expect(failure?.code).toMatch(/^storage_(read_only|unavailable)$/);
    // A line that sends its reader after a folder that does exist is not a clear one.
    expect(failure?.message).not.toContain("Check that its folder exists");
    expect(fingerprint(path)).toEqual(before);
  });

  it("[K2] a read-only mount refuses a store that is there, and one that is not", async ({ skip }) => {
    const path = await makeStore("closed", key);
    const mounted = temporaryFolder();
    const bound = spawnSync("mount", ["--bind", join(path, ".."), mounted]).status === 0;
    if (!bound) skip("nothing can be mounted here");
    onTestFinished(() => {
      spawnSync("umount", [mounted]);
    });
    expect(spawnSync("mount", ["-o", "remount,ro,bind", mounted]).status).toBe(0);
    const before = fingerprint(path);
    for (const name of ["store.db", "new.db"]) {
      const error = await errorOf(() => open(join(mounted, name), key));
      expect(error).toMatchObject({ code: expect.stringMatching(/^storage_(read_only|unavailable)$/) });
      expect((error as Error).message).not.toContain("Check that its folder exists");
    }
    expect(fingerprint(path)).toEqual(before);
  });

  it("[K2] a folder that does not exist is named", async () => {
    const path = join(temporaryFolder(), "no", "such", "store.db");
    const error = await errorOf(() => open(path, key));
    expect(error).toMatchObject({ code: "storage_unavailable" });
    expect((error as Error).message).toContain(join(path, ".."));
  });
});
