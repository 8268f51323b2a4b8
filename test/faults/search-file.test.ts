import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import Database from "better-sqlite3-multiple-ciphers";
import { openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { key } from "../contract/engines.ts";
import { copyOfStore } from "./copied-store.ts";
import { Fact, searchProblems, searchUntilSaved, storeFacts } from "./search-checks.ts";

const count = 1_600;

const openStore = (path: string, withKey: Uint8Array | "no key" = key) =>
  openContextbase({
    url: `file:${path}`,
    key: withKey === "no key" ? undefined : withKey,
    components: [Fact],
  });

/** A store that was searched and closed, with a search file beside it. */
const makeStore = (version: string, withKey: Uint8Array | "no key" = key): Promise<string> =>
  copyOfStore(`${version} ${withKey}`, async (path) => {
    const base = await openStore(path, withKey);
    await storeFacts(base, Fact, [0, count], version);
    await searchUntilSaved(base, Fact, path);
    await base.close();
    expect(statSync(`${path}-search`).size).toBeGreaterThan(50_000);
  });

const flip = (path: string, times: number, seed: number): void => {
  const random = createRandom(seed);
  const bytes = readFileSync(path);
  for (let time = 0; time < times; time++) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  }
  writeFileSync(path, bytes);
};

const otherKey = new Uint8Array(32).fill(9);

const damages: Record<string, (search: string) => void | Promise<void>> = {
  "is missing": (search) => rmSync(search),
  "is empty": (search) => writeFileSync(search, ""),
  "is cut in half": (search) => truncateSync(search, Math.floor(statSync(search).size / 2)),
  "is a text": (search) => writeFileSync(search, "no database at all ".repeat(1_000)),
  "has one bit flipped": (search) => flip(search, 1, 11),
  "has a hundred bits flipped": (search) => flip(search, 100, 12),
  "has many bits flipped": (search) => flip(search, 5_000, 13),
  "is a folder": (search) => {
    rmSync(search);
    mkdirSync(search);
  },
  "has a log that is not its own": (search) => writeFileSync(`${search}-wal`, readFileSync(search)),
  "is another store's": async (search) => copyFileSync(`${await makeStore("other")}-search`, search),
  "is of another key": async (search) => copyFileSync(`${await makeStore("other", otherKey)}-search`, search),
  "is not encrypted": (search) => {
    rmSync(search);
    const database = new Database(search);
    database.exec("CREATE TABLE postings (term TEXT)");
    database.close();
  },
};

describe("a search file that", () => {
  it.each(Object.entries(damages))(
    "[Q3] %s makes no search wrong, and no opening fail",
    async (_, damage) => {
      const path = await makeStore("1");
      await damage(`${path}-search`);
      const base = await openStore(path);
      expect(await searchProblems(base, Fact)).toEqual([]);
      await storeFacts(base, Fact, [count - 50, count + 50], "2");
      await base.store(Fact).deleteContext("f3");
      expect(await searchProblems(base, Fact)).toEqual([]);
      await base.close();
      const again = await openStore(path);
      expect(await searchProblems(again, Fact)).toEqual([]);
      await again.close();
    },
  );

  it("[Q3] is newer than a store that was set back makes no search wrong", async () => {
    const path = await makeStore("1");
    copyFileSync(path, `${path}-copy`);
    const base = await openStore(path);
    await storeFacts(base, Fact, [0, count], "2");
    await searchUntilSaved(base, Fact, path);
    await base.close();
    copyFileSync(`${path}-copy`, path);
    const setBack = await openStore(path);
    expect(await searchProblems(setBack, Fact)).toEqual([]);
    await storeFacts(setBack, Fact, [100, count + 100], "3");
    expect(await searchProblems(setBack, Fact)).toEqual([]);
    await setBack.close();
  });

  it("[Q3] holds no byte of a store's plaintext", async () => {
    const path = await makeStore("canary5d1f");
    const needles = ["canary5d1f", "topic1x", "own15"];
    for (const end of ["-search", ""]) {
      const bytes = readFileSync(`${path}${end}`);
      expect(needles.filter((needle) => bytes.includes(needle))).toEqual([]);
    }
    const plain = await makeStore("canary5d1f", "no key");
    expect(readFileSync(`${plain}-search`).includes("canary5d1f")).toBe(true);
  });
});
