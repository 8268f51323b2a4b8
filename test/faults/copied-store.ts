import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";

const folders: string[] = [];
const made = new Map<string, Promise<string>>();

const makeFolder = async (make: (path: string) => Promise<void>): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "contextbase-copied-"));
  folders.push(folder);
  await make(join(folder, "store.db"));
  return folder;
};

/**
 * The path of a copy, gone after the test, of a store that many tests of a file begin with: it is made for the first.
 * @param name stores of one name are all alike
 * @param make makes it at a path, and leaves nobody with it open
 */
export const copyOfStore = async (name: string, make: (path: string) => Promise<void>): Promise<string> => {
  const making = made.get(name) ?? makeFolder(make);
  made.set(name, making);
  const folder = temporaryFolder();
  cpSync(await making, folder, { recursive: true });
  return join(folder, "store.db");
};

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
