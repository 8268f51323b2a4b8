import { existsSync, openAsBlob, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

const entry = createRequire(import.meta.url).resolve("@electric-sql/pglite");
const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
const kept = join(tmpdir(), `contextbase-pglite-${version}.tar`);

/** A new database. What `initdb` makes is kept, as one file: made in WebAssembly it takes seven times as long. */
export const createPglite = async (): Promise<PGlite> => {
  if (existsSync(kept)) return PGlite.create({ loadDataDir: await openAsBlob(kept) });
  const database = await PGlite.create();
  const made = await database.dumpDataDir("none");
  // Others may make it at the same time; whoever finds the file finds it whole.
  const own = `${kept}.${process.pid}`;
  writeFileSync(own, new Uint8Array(await made.arrayBuffer()));
  renameSync(own, kept);
  return database;
};
