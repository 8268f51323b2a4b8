import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { openContextbase } from "../../src/index.ts";
import type { Capabilities, EngineUnderTest } from "../../src/testing/engine-under-test.ts";
// It drops what it keeps after each test file, and can say so only where the file begins.
import "./kept-tables.ts";

export { openNew } from "../../src/testing/engine-under-test.ts";
export { manualClock } from "../../src/testing/manual-clock.ts";

export const key = new Uint8Array(32).fill(7);

const newFolder = (): string => mkdtempSync(join(tmpdir(), "contextbase-"));
const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** A folder that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = newFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
};

const every: Capabilities = { reopens: true, severalStores: true, port: true, vectors: true };

const sqliteFile = (name: string, withKey?: Uint8Array): EngineUnderTest => ({
  name,
  capabilities: every,
  create: async () => {
    const folder = newFolder();
    const path = join(folder, "store.db");
    return {
      open: (options) => openContextbase({ ...options, url: `file:${path}`, key: withKey }),
      engine: () => sqlite({ path, key: withKey }),
      remove: async () => removeFolder(folder),
    };
  },
});

const ownMemory = "each opening in memory is a store of its own";

const inMemory: EngineUnderTest = {
  name: "sqlite in memory",
  capabilities: { reopens: ownMemory, severalStores: ownMemory, port: ownMemory, vectors: true },
  create: async () => ({
    open: (options) => openContextbase({ ...options, url: ":memory:" }),
    remove: async () => {},
  }),
};

/** The embedded engine. */
export const embedded: readonly [plain: EngineUnderTest, ...others: EngineUnderTest[]] = [
  sqliteFile("sqlite"),
  sqliteFile("sqlite encrypted", key),
  inMemory,
];

/** PostgreSQL within this process: it is loaded and started only where a store of it is made. */
export const pglite: EngineUnderTest = {
  name: "PGlite",
  capabilities: { ...every, vectors: "PGlite comes without pgvector" },
  create: async () => (await import("./postgres.ts")).createInProcess(),
};

const { CONTEXTBASE_TEST_POSTGRES_OWNER: ownerUrl, CONTEXTBASE_TEST_POSTGRES_APP: appUrl } = process.env;

/** A PostgreSQL server, where the environment names one. */
export const server: EngineUnderTest | undefined =
  ownerUrl && appUrl
    ? {
        name: "PostgreSQL",
        capabilities: every,
        create: async () => (await import("./postgres.ts")).createOnServer(ownerUrl, appUrl),
      }
    : undefined;

/** Why tests of the server are skipped. */
export const noServer = "CONTEXTBASE_TEST_POSTGRES_OWNER and CONTEXTBASE_TEST_POSTGRES_APP name no server";

export const engines: readonly EngineUnderTest[] = [...embedded, pglite, ...(server ? [server] : [])];
