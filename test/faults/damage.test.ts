import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContextbaseError, defineComponent, openContextbase } from "contextbase";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Anything } from "../contract/components.ts";
import { key, temporaryFolder } from "../contract/engines.ts";
import { fingerprint } from "./files.ts";
import { startStore } from "./processes.ts";

/** The component of `store-process.ts`. */
const Thing = defineComponent({ name: "Thing" });

const count = 60;
const versions = 4;

const contentOf = (n: number, version: number) => ({
  n,
  version,
  fill: `${n}/${version} `.repeat(((n * 37) % 90) * 20),
});

/** The bytes of a store that was closed, of `count` contexts in `versions` versions. */
const makeStore = async (withKey: Uint8Array | undefined): Promise<Buffer> => {
  const path = join(temporaryFolder(), "store.db");
  const base = await openContextbase({ url: `file:${path}`, key: withKey, components: [Anything] });
  for (let version = 1; version <= versions; version++) {
    await base
      .store(Anything)
      .storeContexts(
        Array.from({ length: count }, (_, n) => ({ id: `c${n}`, type: "t", content: contentOf(n, version) })),
      );
  }
  await base.close();
  return readFileSync(path);
};

const named = /^(storage_corrupt|storage_failed|wrong_key|not_a_store|newer_layout)$/;
/** Without encryption a number of a version can be damaged and nothing tells it: the row is taken for removed. */
const namedUnencrypted = new RegExp(`${named.source}|^version_removed$`);

type Answers = { right: number; refused: number; wrong: string[]; unnamed: unknown[] };

/** Reads everything there is, in every way there is, and writes once. */
const readAll = async (path: string, withKey: Uint8Array | undefined): Promise<Answers> => {
  const names = withKey ? named : namedUnencrypted;
  const answers: Answers = { right: 0, refused: 0, wrong: [], unnamed: [] };
  const ask = async (what: string, work: () => Promise<boolean>): Promise<void> => {
    try {
      if (await work()) answers.right++;
      else answers.wrong.push(what);
    } catch (cause) {
      if (cause instanceof ContextbaseError && names.test(cause.code)) answers.refused++;
      else answers.unnamed.push(cause);
    }
  };
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  await ask("open", async () => {
    const base = await openContextbase({ url: `file:${path}`, key: withKey, components: [Anything] });
    const store = base.store(Anything);
    try {
      for (let n = 0; n < count; n++) {
        await ask(`read c${n}`, async () =>
          same((await store.retrieveContext(`c${n}`))?.content, contentOf(n, versions)),
        );
        await ask(`read c${n} of version 2`, async () =>
          same((await store.retrieveContext(`c${n}`, { version: 2 }))?.content, contentOf(n, 2)),
        );
        await ask(`history of c${n}`, async () =>
          same(
            (await store.history(`c${n}`)).versions.map(({ version }) => version),
            [4, 3, 2, 1],
          ),
        );
      }
      await ask("list", async () => {
        const { contexts } = await store.listContexts({ limit: 1_000 });
        return same(
          contexts.map(({ content }) => content),
          Array.from({ length: count }, (_, n) => contentOf(count - 1 - n, versions)),
        );
      });
    } finally {
      await base.close();
    }
    return true;
  });
  return answers;
};

const flip = (bytes: Buffer, offset: number, by: number): Buffer => {
  const damaged = Buffer.from(bytes);
  damaged[offset] = (damaged[offset] ?? 0) ^ by;
  return damaged;
};

describe("a damaged page of an encrypted store", () => {
  let bytes: Buffer;

  const check = async (offset: number, by: number): Promise<Answers> => {
    const path = join(temporaryFolder(), "store.db");
    writeFileSync(path, flip(bytes, offset, by));
    const before = fingerprint(path);
    const answers = await readAll(path, key);
    expect(answers.wrong).toEqual([]);
    expect(answers.unnamed).toEqual([]);
    expect(fingerprint(path)).toEqual(before);
    return answers;
  };

  it("[K2] reads right or is refused by name, wherever a byte is flipped, and is left as it is", {
    timeout: 900_000,
  }, async () => {
    bytes = await makeStore(key);
    let refused = 0;
    const property = fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (offset, by) => {
        refused += (await check(offset, by)).refused;
      },
    );
    await fc.assert(property, { numRuns: Number(process.env.DAMAGE_RUNS ?? 60) });
    expect(refused).toBeGreaterThan(0);
  });

  it("[K2] and so in each byte of the file's header", async () => {
    bytes = await makeStore(key);
    for (let offset = 0; offset < 100; offset++) await check(offset, 1 << (offset % 8));
    // How it may be written, and read: by what SQLite goes on to read it by.
    for (const offset of [18, 19]) for (const by of [1, 2, 3]) await check(offset, by);
  });

  it("[K2] and so where a page stands in another's place", async () => {
    bytes = await makeStore(key);
    const page = 8_192;
    const pages = bytes.length / page;
    for (const [from, to] of [
      [2, 3],
      [1, 2],
      [pages - 1, 1],
      [pages - 2, pages - 1],
    ] as const) {
      const path = join(temporaryFolder(), "store.db");
      const swapped = Buffer.from(bytes);
      bytes.copy(swapped, to * page, from * page, (from + 1) * page);
      writeFileSync(path, swapped);
      const answers = await readAll(path, key);
      expect(answers.wrong).toEqual([]);
      expect(answers.unnamed).toEqual([]);
    }
  });
});

describe("a damaged page of a store without encryption", () => {
  it("[K2] never gives an error without a name", { timeout: 900_000 }, async () => {
    const bytes = await makeStore(undefined);
    const property = fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (offset, by) => {
        const path = join(temporaryFolder(), "store.db");
        writeFileSync(path, flip(bytes, offset, by));
        expect((await readAll(path, undefined)).unnamed).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: Number(process.env.DAMAGE_RUNS ?? 60) });
  });
});

describe("a damaged write-ahead log", () => {
  it("[K2] gives the store as it was at some earlier moment, whole", async () => {
    const path = join(temporaryFolder(), "store.db");
    const process = await startStore(path, Buffer.from(key).toString("base64"));
    for (let n = 0; n < 20; n++) await process.call("store", { id: `c${n}`, content: { n } });
    await process.kill();
    const log = readFileSync(`${path}-wal`);
    for (let n = 0; n < 30; n++) {
      const copy = join(temporaryFolder(), "store.db");
      copyFileSync(path, copy);
      writeFileSync(`${copy}-wal`, flip(log, Math.floor((log.length / 30) * n) + n, 1 << (n % 8)));
      await using reopened = await openContextbase({ url: `file:${copy}`, key, components: [Thing] });
      const { contexts } = await reopened.store(Thing).listContexts({ limit: 1_000 });
      const ids = contexts.map(({ id }) => id).toReversed();
      expect(ids).toEqual(Array.from({ length: ids.length }, (_, at) => `c${at}`));
    }
  });
});
