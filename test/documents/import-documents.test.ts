import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ImportReport, importDocuments } from "../../src/documents/import-documents.ts";
import { walkDocuments } from "../../src/documents/walk.ts";
import { Document, limits, openContextbase } from "../../src/index.ts";
import { engines, openNew, temporaryFolder } from "../contract/engines.ts";

const counts = ({ created, changed, unchanged, removed }: ImportReport): number[] => [
  created,
  changed,
  unchanged,
  removed,
];

const setUp = async () => {
  const root = temporaryFolder();
  const base = await openContextbase({ url: ":memory:", components: [Document] });
  const store = base.store(Document);
  const write = (path: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const run = async (options: { prune?: boolean } = {}): Promise<ImportReport> =>
    importDocuments(store, { source: "docs", root, ...(await walkDocuments(root)) }, options);
  const versions = async (id: string): Promise<string[]> =>
    (await store.history(id)).versions.map(({ version, operation }) => `${operation} ${version}`);
  return { root, store, write, run, versions };
};

describe("importing documents", () => {
  it("makes a context of each file and of each section", async () => {
    const { store, write, run } = await setUp();
    write("guide/start.md", "# Start\n\nHello.\n\n## Next\n\nMore.\n");
    expect(counts(await run())).toEqual([2, 0, 0, 0]);
    expect(await store.getContext("docs/guide/start.md")).toMatchObject({
      type: "file",
      content: {
        path: "guide/start.md",
        sections: ["docs/guide/start.md#start", "docs/guide/start.md#next"],
      },
      metadata: { source: "docs", path: "guide/start.md" },
    });
    expect(await store.getContext("docs/guide/start.md#next")).toMatchObject({
      type: "section",
      content: { text: "## Next\n\nMore." },
      metadata: { source: "docs", path: "guide/start.md", heading: ["Start", "Next"], depth: 2 },
      version: 1,
    });
  });

  it("[L2] makes no new version of what is unchanged, and one of each changed section", async () => {
    const { write, run, versions } = await setUp();
    write("a.md", "# A\n\none\n\n## B\n\ntwo\n\n## C\n\nthree\n");
    write("b.txt", "plain\n");
    expect(counts(await run())).toEqual([4, 0, 0, 0]);
    expect(counts(await run())).toEqual([0, 0, 4, 0]);
    write("a.md", "# A\n\none\n\n## New\n\nfirst\n\n## B\n\ntwo, changed\n\n## C\n\nthree\n");
    expect(counts(await run())).toEqual([1, 1, 3, 0]);
    expect(await versions("docs/a.md#b")).toEqual(["store 2", "store 1"]);
    expect(await versions("docs/a.md#a")).toEqual(["store 1"]);
    expect(await versions("docs/a.md#c")).toEqual(["store 1"]);
    expect(await versions("docs/a.md")).toEqual(["store 2", "store 1"]);
  });

  it("removes a section that vanished from its file, and keeps its history", async () => {
    const { store, write, run, versions } = await setUp();
    write("a.md", "# A\n\n## B\n\ntwo\n");
    await run();
    write("a.md", "# A\n");
    expect(counts(await run())).toEqual([0, 0, 1, 1]);
    expect(await store.retrieveContext("docs/a.md#b")).toBeUndefined();
    expect(await versions("docs/a.md#b")).toEqual(["delete 2", "store 1"]);
    expect((await store.retrieveContext("docs/a.md#b", { version: 1 }))?.content).toEqual({
      text: "## B\n\ntwo",
    });
  });

  it("does not see the blank lines between sections, so that one that is added at the end changes no other", async () => {
    const { write, run } = await setUp();
    write("a.md", "# A\n\none");
    await run();
    write("a.md", "\n\n# A\n\none\n\n\n## B\n\ntwo\n");
    expect(counts(await run())).toEqual([1, 0, 1, 0]);
  });

  it("removes the contexts of a file that is gone where that is asked for", async () => {
    const { root, store, write, run } = await setUp();
    write("a.md", "# A\n\n## B\n");
    write("b.md", "# Keep\n");
    await run();
    await store.storeContext({ id: "mine", type: "section", content: { text: "mine" } });
    rmSync(join(root, "a.md"));
    expect(counts(await run())).toEqual([0, 0, 1, 0]);
    expect(await store.retrieveContext("docs/a.md")).toBeDefined();
    expect(counts(await run({ prune: true }))).toEqual([0, 0, 1, 2]);
    const { contexts } = await store.listContexts();
    expect(contexts.map(({ id }) => id).sort()).toEqual(["docs/b.md", "docs/b.md#keep", "mine"]);
  });

  it("brings back what somebody changed or deleted in the store, with theirs in the history", async () => {
    const { store, write, run, versions } = await setUp();
    write("a.md", "# A\n\n## B\n\ntwo\n");
    await run();
    await store.storeContext({ id: "docs/a.md#a", type: "section", content: { text: "theirs" } });
    await store.deleteContext("docs/a.md#b");
    expect(counts(await run())).toEqual([1, 1, 0, 0]);
    expect(await versions("docs/a.md#a")).toEqual(["store 3", "store 2", "store 1"]);
    expect(await versions("docs/a.md#b")).toEqual(["store 3", "delete 2", "store 1"]);
  });

  it("finishes what an interrupted import left", async () => {
    const { store, write, run } = await setUp();
    write("a.md", "# A\n\n## Old\n");
    await run();
    write("a.md", "# A\n\n## New\n");
    // As far as an import comes that is killed between its sections and what it removes.
    await store.storeContext({ id: "docs/a.md#new", type: "section", content: { text: "## New\n" } });
    await run();
    const { contexts } = await store.listContexts({ type: "section" });
    expect(contexts.map(({ id }) => id).sort()).toEqual(["docs/a.md#a", "docs/a.md#new"]);
  });

  it("does not see how lines end, nor a byte order mark", async () => {
    const { write, run } = await setUp();
    write("a.md", "# A\n\none\n");
    await run();
    write("a.md", "\uFEFF# A\r\n\r\none\r\n");
    expect(counts(await run())).toEqual([0, 0, 1, 0]);
  });

  it("leaves out what is no text, tells why, and removes nothing of it", async () => {
    const { store, write, run } = await setUp();
    write("a.md", "# A\n");
    await run();
    write("a.md", new Uint8Array([35, 32, 0xff, 10]));
    write("binary.md", new Uint8Array([65, 0, 66]));
    write("large.txt", new Uint8Array(limits.documentBytes + 1).fill(97));
    write("long.md", `${"a".repeat(limits.contentBytes)}\n`);
    write("many.md", "# a\n".repeat(limits.documentSections + 1));
    const { files, problems } = await run({ prune: true });
    expect(files).toBe(0);
    expect(Object.fromEntries(problems.map(({ path, problem }) => [path, problem]))).toEqual({
      "a.md": "is no UTF-8",
      "binary.md": "holds NUL bytes, so it is no text in UTF-8",
      "large.txt": "has 32.0 MiB; 32 MiB are the most",
      "long.md": "has a section (its beginning) of more than 8388608 bytes as JSON",
      "many.md": "has 10001 sections; 10000 are the most",
    });
    expect(await store.retrieveContext("docs/a.md#a")).toBeDefined();
  });

  it("takes an empty file as one without sections", async () => {
    const { store, write, run } = await setUp();
    write("empty.md", "");
    expect(counts(await run())).toEqual([0, 0, 0, 0]);
    expect((await store.getContext("docs/empty.md")).content).toEqual({ path: "empty.md", sections: [] });
  });

  it.each(engines)(
    "imports and imports again on $name: 3,000 sections in several batches",
    async (engine) => {
      const { root, write } = await setUp();
      const base = await openNew(engine, [Document]);
      for (let file = 0; file < 30; file++) {
        write(`${file}.md`, Array.from({ length: 100 }, (_, part) => `# Part ${part}\n\ntext\n`).join("\n"));
      }
      const source = { source: "docs", root, ...(await walkDocuments(root)) };
      const done: number[] = [];
      const onProgress = (files: number): void => void done.push(files);
      expect(counts(await importDocuments(base.store(Document), source, { onProgress }))).toEqual([
        3_000, 0, 0, 0,
      ]);
      expect(counts(await importDocuments(base.store(Document), source))).toEqual([0, 0, 3_000, 0]);
      expect(done).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    },
  );

  it("stops where it is told to", async () => {
    const { root, store, write } = await setUp();
    write("a.md", "# A\n");
    const source = { source: "docs", root, ...(await walkDocuments(root)) };
    await expect(
      importDocuments(store, source, { signal: AbortSignal.abort(new Error("enough")) }),
    ).rejects.toThrow("enough");
    expect((await store.listContexts()).contexts).toEqual([]);
  });
});
