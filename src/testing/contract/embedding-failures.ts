import { expect, it, onTestFinished } from "vitest";
import { type Context, defineComponent } from "../../index.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { hashEmbeddings } from "../hash-embeddings.ts";
import { dimensions, note, vectorOf, watched } from "../watched-embeddings.ts";

/** What becomes of writes whose vectors cannot be made, are made twice, or are of another model. */
export const embeddingFailures = (engine: EngineUnderTest): void => {
  it("[Q9] where the embedder fails, the write fails by name, and nothing is stored", async () => {
    const failure = { cause: undefined as unknown };
    const { Note } = watched({
      before: () => {
        if (failure.cause) throw failure.cause;
      },
    });
    const store = (await openNew(engine, [Note])).store(Note);
    await store.storeContext(note("a", "first"));
    failure.cause = new Error("secret text");
    const failed = { code: "embedding_failed", component: "Note", retryable: false };
    await expect(store.storeContext(note("b", "x"))).rejects.toMatchObject(failed);
    await expect(store.storeContext(note("b", "x"))).rejects.not.toThrow(/secret/);
    await expect(store.storeContexts([note("a", "first"), note("b", "x")])).rejects.toMatchObject(failed);
    await expect(
      store.updateContext("a", (draft) => void Object.assign(draft.content, { text: "second" })),
    ).rejects.toMatchObject(failed);
    expect((await store.listContexts()).contexts).toMatchObject([{ id: "a", version: 1 }]);
    expect(await store.storeContext(note("a", "first"))).toMatchObject({ version: 2 });
  });

  it("[Q8, Q9] where the embedder fails, a search and a window name the way by text alone, which goes on", async () => {
    let down = false;
    const { Note } = watched({
      before: () => {
        if (down) throw new Error("down");
      },
    });
    const base = await openNew(engine, [Note]);
    await base.store(Note).storeContexts([note("a", "refunds"), note("b", "shipping")]);
    down = true;
    const search = (embeddings?: []) => base.store(Note).searchContexts({ text: "refunds", embeddings });
    const assemble = (embeddings?: []) =>
      base.assemble({
        query: "refunds",
        sources: [{ component: Note, embeddings }],
        budget: { tokens: 200 },
      });
    for (const failing of [search(), assemble()])
      await expect(failing).rejects.toMatchObject({
        code: "embedding_failed",
        message: expect.stringContaining("embeddings: []"),
      });
    expect((await search([])).map(({ context }) => context.id)).toEqual(["a"]);
    const { items, receipt } = await assemble([]);
    expect(items.map(({ id }) => id)).toEqual(["a"]);
    expect(receipt.sources).toMatchObject([{ component: "Note", embeddings: [] }]);
  });

  it("[Q9, C2] a write sent again under its id embeds nothing, whatever the embedder would say now", async () => {
    const { Note, calls } = watched({ drifts: true });
    const store = (await openNew(engine, [Note])).store(Note);
    const first = await store.storeContext(note("a", "one"), { write: "w1" });
    const batch = [note("b", "two"), note("c", "three")];
    const stored = await store.storeContexts(batch, { write: "w2" });
    const carrying = { ...first, version: 2, content: { text: "four" } };
    const carried = await store.storeContext(carrying, { write: "w3" });
    expect(carried.embeddings).not.toEqual(first.embeddings);
    const update = () =>
      store.updateContext(
        "b",
        (draft) => void Object.assign(draft.content, { text: `${draft.content.text}!` }),
        {
          write: "w4",
        },
      );
    const updated = await update();
    await store.storeContexts([note("b", "later"), note("c", "later")]);
    await store.deleteContext("a");
    const before = calls.length;
    expect(await store.storeContext(note("a", "one"), { write: "w1" })).toEqual(first);
    expect(await store.storeContexts(batch, { write: "w2" })).toEqual(stored);
    expect(await store.storeContext(carrying, { write: "w3" })).toEqual(carried);
    expect(await update()).toEqual(updated);
    expect(calls).toHaveLength(before);
    const reused = { code: "write_reused" };
    await expect(store.storeContext(note("a", "other"), { write: "w1" })).rejects.toMatchObject(reused);
    const own = Float32Array.from({ length: dimensions }, () => 1);
    const otherVector = store.storeContext({ ...note("a", "one"), embeddings: own }, { write: "w1" });
    await expect(otherVector).rejects.toMatchObject(reused);
  });

  it("[Q9, S6] with many writers at once, each version has the vector of its text", async () => {
    let turn = 0;
    const { Note } = watched({ before: () => new Promise((resolve) => setTimeout(resolve, turn++ % 4)) });
    const store = (await openNew(engine, [Note])).store(Note);
    const ids = ["a", "b", "c"];
    await store.storeContexts(ids.map((id) => note(id, "first")));
    const write = async (writer: number, id: string): Promise<unknown> => {
      const text = `text ${writer % 8}`;
      const standing = await store.getContext(id);
      switch (writer % 4) {
        case 0:
          return store.storeContext(note(id, text));
        case 1:
          return store.updateContext(id, (draft) => void Object.assign(draft.content, { text }), {
            attempts: 100,
          });
        case 2:
          return store.updateContext(id, (draft) => void Object.assign(draft.metadata, { writer }), {
            attempts: 100,
          });
        default:
          return store.storeContext({ ...standing, version: standing.version + 1, content: { text } });
      }
    };
    const writing = Array.from({ length: 96 }, (_, writer) => write(writer, ids[writer % ids.length] ?? "a"));
    const failed = (await Promise.allSettled(writing)).filter(({ status }) => status === "rejected");
    for (const { reason } of failed as PromiseRejectedResult[]) expect(reason.code).toBe("version_conflict");
    for (const id of ids) {
      const { version } = await store.getContext(id);
      expect(version).toBeGreaterThan(24);
      for (let at = 1; at <= version; at++) {
        const { content, embeddings } = await store.getContext(id, { version: at });
        expect(embeddings).toEqual(await vectorOf(String(content.text)));
      }
    }
  });

  it("[Q9] a signal ends a write that waits for its vector, and nothing is stored", async () => {
    const stopping = new AbortController();
    const { Note } = watched({
      before: () => {
        stopping.abort(new Error("stopped"));
        return new Promise((resolve) => {
          const timer = setTimeout(resolve, 60_000);
          onTestFinished(() => clearTimeout(timer));
        });
      },
    });
    const store = (await openNew(engine, [Note])).store(Note);
    const { signal } = stopping;
    await expect(store.storeContext(note("a", "x"), { signal })).rejects.toThrow("stopped");
    expect(await store.retrieveContext("a")).toBeUndefined();
  });

  const itReopens = itWith(engine, "reopens");

  itReopens("[Q9] another model or length is refused while there are vectors of the one before", async () => {
    const data = await createNew(engine);
    const component = (embeddings: Parameters<typeof defineComponent>[0]["embeddings"]) =>
      defineComponent({ name: "Note", ...(embeddings && { embeddings }) });
    const [before, after] = [hashEmbeddings(8, "before"), hashEmbeddings(8, "after")];
    const opening = async (embeddings: Parameters<typeof component>[0]) => {
      const made = component(embeddings);
      return { base: await data.open({ components: [made] }), made };
    };
    const { base, made } = await opening(after);
    const stored: Context = await base.store(made).storeContext(note("a", "one"));
    const refused = { code: "embedding_changed", component: "Note" };
    for (const changed of [before, hashEmbeddings(4, "after"), { dimensions: 8 }, { dimensions: 4 }]) {
      await expect(opening(changed)).rejects.toMatchObject(refused);
    }
    await expect(opening(before)).rejects.toThrow(
      /"after" \(8 dimensions\).*"before" \(8.*contextbase reembed Note/,
    );
    await opening(undefined);
    const again = await opening(after);
    expect(await again.base.store(again.made).getContext("a")).toEqual(stored);
  });
};
