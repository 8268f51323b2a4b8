import { expect, it } from "vitest";
import { Anything } from "../components.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const note = (text: string) => ({ type: "note", content: { text } });

/** Versions that were superseded, and times that were. */
export const oldVersions = (engine: EngineUnderTest): void => {
  it("[V6, K5] every version of a long history reads back, and is listed newest first, page by page", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const content = (version: number) => ({
      version,
      text: "lorem ipsum ".repeat(version % 7 === 0 ? 9_000 : 80),
    });
    const embeddings = (version: number) => [version, 1, 2, 3];
    for (let version = 1; version <= 100; version++) {
      const metadata = { version };
      await store.storeContext({
        id: "a",
        type: `t${version % 3}`,
        content: content(version),
        embeddings: embeddings(version),
        metadata,
      });
      if (version % 40 === 0) await store.deleteContext("a").then(() => version++);
    }
    for (let version = 1; version <= 100; version++) {
      const read = await store.retrieveContext("a", { version });
      if (version === 41 || version === 81) expect(read).toBeUndefined();
      else {
        const expected = {
          version,
          type: `t${version % 3}`,
          content: content(version),
          metadata: { version },
        };
        expect(read).toMatchObject({ ...expected, embeddings: new Float32Array(embeddings(version)) });
      }
    }
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.history("a", { limit: 7, cursor });
      seen.push(...page.versions.map(({ version }) => version));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => seen.length - index));
    expect(seen.length).toBeGreaterThan(99);
  });

  itWith(engine, "reopens")(
    "[V6, K5] versions of very different sizes read back after the store was closed",
    async () => {
      const { open } = await createNew(engine);
      const text = (version: number) =>
        `${version} `.repeat(version % 32 === 1 || version === 50 ? 120_000 : 20);
      const first = await open({ components: [Anything] });
      for (let version = 1; version <= 100; version++) {
        await first.store(Anything).storeContext({ id: "a", ...note(text(version)) });
      }
      await first.close();
      const store = (await open({ components: [Anything] })).store(Anything);
      for (let version = 1; version <= 100; version++) {
        const read = await store.retrieveContext("a", { version });
        expect(read?.content).toEqual({ text: text(version) });
      }
    },
  );

  it("[V7] asOf gives the version that was current then", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    const start = clock();
    for (const text of ["1", "2"]) {
      await store.storeContext({ id: "a", ...note(text) });
      clock.advance(1_000);
    }
    await store.deleteContext("a");
    clock.advance(1_000);
    await store.storeContext({ id: "a", ...note("4") });
    const textAt = async (at: number) =>
      (await store.retrieveContext("a", { asOf: new Date(at) }))?.content.text;
    expect(await textAt(start - 1)).toBeUndefined();
    expect(await textAt(start)).toBe("1");
    expect(await textAt(start + 999)).toBe("1");
    expect(await textAt(start + 1_000)).toBe("2");
    expect(await textAt(start + 2_000)).toBeUndefined();
    expect(await textAt(start + 3_000)).toBe("4");
    expect(await textAt(start + 99_000)).toBe("4");
    clock.set(start - 60_000);
    await store.storeContext({ id: "a", ...note("5") });
    expect((await store.retrieveContext("a", { asOf: new Date(clock()).toISOString() }))?.content.text).toBe(
      "5",
    );
    for (const asOf of ["yesterday", new Date(Number.NaN)]) {
      await expect(store.retrieveContext("a", { asOf })).rejects.toMatchObject({ code: "invalid_argument" });
    }
  });

  it("[V7] the contexts of one batch have one time, later than all that they supersede", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    await store.storeContext({ id: "b", ...note("1") });
    clock.advance(-1_000);
    const stored = await store.storeContexts(["a", "b", "c"].map((id) => ({ id, ...note("2") })));
    expect(new Set(stored.map(({ updatedAt }) => updatedAt.getTime()))).toEqual(new Set([clock() + 1_001]));
  });
};
