import { expect, it } from "vitest";
import type { ContextbaseView } from "../../index.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { dimensions, note, vectorOf, watched } from "../watched-embeddings.ts";

/** Vectors that are made of texts before they are stored. */
export const embedding = (engine: EngineUnderTest): void => {
  it("[Q9] what is stored without a vector gets that of its text, and no context shows the model", async () => {
    const { Note, texts } = watched();
    const store = (await openNew(engine, [Note])).store(Note);
    const stored = await store.storeContext(note("a", "red apples"));
    expect(stored.embeddings).toEqual(await vectorOf("red apples"));
    expect(await store.getContext("a")).toEqual(stored);
    expect(await store.storeContext({ ...note("b", "pears"), embeddings: [] })).toMatchObject({
      embeddings: await vectorOf("pears"),
    });
    const own = Float32Array.from({ length: dimensions }, (_, at) => at + 1);
    expect((await store.storeContext({ ...note("c", "mine"), embeddings: own })).embeddings).toEqual(own);
    expect((await store.storeContext(note("d", " \n "))).embeddings).toHaveLength(0);
    expect(
      (await store.storeContext({ ...note("e", ""), metadata: { text: "unread" } })).embeddings,
    ).toHaveLength(0);
    expect(texts()).toEqual(["red apples", "pears"]);
    const { contexts } = await store.listContexts();
    expect(contexts.map(({ embeddings }) => embeddings.length)).toEqual([0, 0, 16, 16, 16]);
  });

  it("[Q9] a vector is made anew where the text changed, and only there", async () => {
    const { Note, texts } = watched();
    const store = (await openNew(engine, [Note])).store(Note);
    await store.storeContext(note("a", "one"));
    const kept = await store.updateContext(
      "a",
      (draft) => void Object.assign(draft.metadata, { read: true }),
    );
    expect(kept.embeddings).toEqual(await vectorOf("one"));
    expect((await store.storeContext(note("a", "one"))).embeddings).toEqual(kept.embeddings);
    expect(texts()).toEqual(["one"]);

    const updated = await store.updateContext(
      "a",
      (draft) => void Object.assign(draft.content, { text: "two" }),
    );
    expect(updated).toMatchObject({ version: 4, embeddings: await vectorOf("two") });
    const carried = await store.storeContext({ ...updated, version: 5, content: { text: "three" } });
    expect(carried.embeddings).toEqual(await vectorOf("three"));
    const own = Float32Array.from({ length: dimensions }, (_, at) => at - 3);
    const trusted = await store.storeContext({
      ...carried,
      version: 6,
      content: { text: "four" },
      embeddings: own,
    });
    expect(trusted.embeddings).toEqual(own);
    const emptied = await store.storeContext({ ...trusted, version: 7, content: { text: "" } });
    expect(emptied.embeddings).toHaveLength(0);
    expect(texts()).toEqual(["one", "two", "three"]);
    expect((await store.getContext("a", { version: 1 })).embeddings).toEqual(await vectorOf("one"));
    await store.deleteContext("a");
    expect((await store.storeContext(note("a", "one"))).embeddings).toEqual(await vectorOf("one"));
    expect(texts()).toHaveLength(4);
  });

  it("[Q9] a batch asks for each text once, in few calls, and what comes back is nobody else's", async () => {
    const { Note, calls, texts } = watched();
    const store = (await openNew(engine, [Note])).store(Note);
    const batch = Array.from({ length: 700 }, (_, number) => note(`n${number}`, `text ${number % 600}`));
    const stored = await store.storeContexts(batch);
    expect([calls.length, texts().length, new Set(texts()).size]).toEqual([3, 600, 600]);
    expect(stored[650]?.embeddings).toEqual(await vectorOf("text 50"));
    stored[50]?.embeddings.fill(0);
    expect(stored[650]?.embeddings).toEqual(await vectorOf("text 50"));
    expect((await store.getContext("n50")).embeddings).toEqual(await vectorOf("text 50"));
    await store.storeContexts(batch.map((one, number) => (number === 3 ? note("n3", "other") : one)));
    expect(texts().slice(600)).toEqual(["other"]);
    expect((await store.getContext("n3")).embeddings).toEqual(await vectorOf("other"));
  });

  it("[Q9, V4] a write that meets a conflict while it embeds is one; an update embeds again only another text", async () => {
    const other = { write: async (): Promise<unknown> => undefined };
    const { Note, texts } = watched({ before: async () => void (await other.write()) });
    const base = await openNew(engine, [Note]);
    const store = base.store(Note);
    const own = Float32Array.from({ length: dimensions }, () => 1);
    await store.storeContext(note("a", "one"));
    const meddle = (content: { text: string; by?: string }) => {
      other.write = async () => {
        other.write = async () => undefined;
        await store.storeContext({ id: "a", type: "note", content, embeddings: own });
      };
    };
    meddle({ text: "theirs" });
    const late = store.storeContext({ ...note("a", "mine"), version: 2 });
    await expect(late).rejects.toMatchObject({ code: "version_conflict", current: 2 });
    await expect(store.storeContext({ ...note("a", "mine"), version: 2 })).rejects.toMatchObject({
      current: 2,
    });
    expect(texts()).toEqual(["one", "mine"]);

    meddle({ text: "theirs", by: "them" });
    const updated = await store.updateContext("a", (draft) => {
      draft.content = { ...draft.content, text: "same both times" };
    });
    expect(updated).toMatchObject({
      version: 4,
      content: { by: "them" },
      embeddings: await vectorOf("same both times"),
    });
    expect(texts().slice(2)).toEqual(["same both times"]);
  });

  it("[Q9, S5] tenants share no vectors but by their own texts", async () => {
    const { Note, texts } = watched();
    const base = await openNew(engine, [Note]);
    const views = ["one", "two"].map((tenant) => base.as({ id: "x", tenant }));
    const store = (view: ContextbaseView | undefined) => (view ?? base).store(Note);
    const own = Float32Array.from({ length: dimensions }, () => 1);
    await store(views[0]).storeContext({ ...note("a", "text"), embeddings: own });
    expect((await store(views[1]).storeContext(note("a", "text"))).embeddings).toEqual(
      await vectorOf("text"),
    );
    expect((await store(views[0]).storeContext(note("a", "text"))).embeddings).toEqual(own);
    expect(texts()).toEqual(["text"]);
  });
};
