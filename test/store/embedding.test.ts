import { join } from "node:path";
import { defineComponent, openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { limits } from "../../src/base/limits.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { modelTag, tagOf } from "../../src/model/embedding-bytes.ts";
import { createEmbedQuery } from "../../src/store/embedding/embed-query.ts";
import { hashEmbeddings } from "../../src/testing/hash-embeddings.ts";
import { dimensions, note, vectorOf, watched } from "../../src/testing/watched-embeddings.ts";
import { temporaryFolder } from "../contract/engines.ts";

const newFile = () => {
  const path = join(temporaryFolder(), "store.db");
  const open = async (...components: Parameters<typeof openContextbase>[0]["components"]) => {
    const base = await openContextbase({ url: `file:${path}`, components });
    onTestFinished(() => base.close());
    return base;
  };
  const stored = async (id: string) => {
    const engine = sqlite({ path, key: undefined });
    const [found] = await engine.read({ tenant: "default", component: "Note" }, [id]);
    await engine.close();
    return found;
  };
  return { open, stored };
};

const own = Float32Array.from({ length: dimensions }, (_, at) => at + 1);

describe("embedding", () => {
  it("[Q9] marks the model behind a vector, made or given, where only engines see it", async () => {
    const { open, stored } = newFile();
    const { Note } = watched();
    const store = (await open(Note)).store(Note);
    await store.storeContexts([note("made", "text"), { ...note("given", "text"), embeddings: own }]);
    for (const id of ["made", "given"]) {
      const bytes = (await stored(id))?.embeddings ?? new Uint8Array();
      expect(bytes).toHaveLength(dimensions * 4 + 7);
      expect(tagOf(bytes)).toBe(modelTag("hash"));
    }
    const given = await store.getContext("given");
    expect(given.embeddings).toEqual(own);
    await store.updateContext("given", (draft) => void Object.assign(draft.metadata, { read: true }));
    expect(tagOf((await stored("given"))?.embeddings ?? new Uint8Array())).toBe(modelTag("hash"));
  });

  it("[Q9] a vector that its caller made stays of the model that it was made by, also where nothing is embedded here", async () => {
    const { open, stored } = newFile();
    const named = (model: string) => defineComponent({ name: "Note", embeddings: { dimensions: 8, model } });
    const [Old, New] = [named("old"), named("new")];
    const old = (await open(Old)).store(Old);
    // Opened before the first vector was there, as by two versions of a program that begin together.
    const now = (await open(New)).store(New);
    const context = await old.storeContext({ ...note("a", "x"), embeddings: own.slice(0, 8) });
    await now.storeContext({ ...context, version: 2, metadata: { carried: true } });
    expect(tagOf((await stored("a"))?.embeddings ?? new Uint8Array())).toBe(modelTag("old"));
    await now.storeContext({ ...context, version: 3, embeddings: own.slice(1, 9) });
    expect(tagOf((await stored("a"))?.embeddings ?? new Uint8Array())).toBe(modelTag("new"));
  });

  it("[Q9] a component may change its model until somebody stores a vector, and be without for a while", async () => {
    const { open } = newFile();
    const of = (model: string) => defineComponent({ name: "Note", embeddings: hashEmbeddings(8, model) });
    const Plain = defineComponent({ name: "Note" });
    await (await open(Plain)).store(Plain).storeContext(note("a", "text"));
    await open(of("one"));
    const Two = of("two");
    await (await open(Two)).store(Two).storeContext(note("b", "text"));
    await open(Plain);
    await expect(open(of("one"))).rejects.toMatchObject({
      code: "embedding_changed",
      details: { noted: null },
    });
    await open(of("two"));
    await expect(open(of("one"))).rejects.toThrow(/"two" \(8 dimensions\)/);
  });

  it("[Q9] what carries along a vector of another length, while vectors are made anew, gets one of its own", async () => {
    const { open } = newFile();
    const of = (length: number) =>
      defineComponent({ name: "Note", embeddings: hashEmbeddings(length, `model of ${length}`) });
    const [Short, Long] = [of(4), of(8)];
    const short = (await open(Short)).store(Short);
    const long = (await open(Long)).store(Long);
    const stored = await short.storeContexts([note("a", "one"), note("b", "two"), note("c", "three")]);
    const updated = await long.updateContext(
      "a",
      (draft) => void Object.assign(draft.metadata, { read: true }),
    );
    expect(updated.embeddings).toHaveLength(8);
    const [, b, c] = stored.map((context) => ({ ...context, version: 2 }));
    if (!b || !c) throw new Error("Three were stored.");
    expect((await long.storeContext(b)).embeddings).toHaveLength(8);
    expect((await long.storeContexts([c, note("d", "four")]))[0]?.embeddings).toHaveLength(8);
    const back = await short.updateContext(
      "a",
      (draft) => void Object.assign(draft.metadata, { back: true }),
    );
    expect(back.embeddings).toHaveLength(4);
    const own = { ...note("b", "two"), embeddings: [1, 2, 3, 4] };
    await expect(long.storeContext(own)).rejects.toMatchObject({ code: "invalid_context" });
  });

  it("[Q9] never searches a vector of another model, or of a text that is gone", async () => {
    const { open } = newFile();
    const of = (model: string) =>
      defineComponent({ name: "Note", embeddings: hashEmbeddings(8, model), searchText: ["content.text"] });
    const [Old, New] = [of("old"), of("new")];
    // Opened before the first vector was there, as by two versions of a program that begin together.
    const old = (await open(Old)).store(Old);
    const now = (await open(New)).store(New);
    const stored = await old.storeContext(note("a", "red apples"));
    await now.storeContext(note("b", "green pears"));
    const found = async (store: typeof old) => {
      const hits = await store.searchContexts({ embeddings: stored.embeddings });
      return hits.map(({ context, why }) => [context.id, Number(why.vector?.similarity.toFixed(3))]);
    };
    expect(await found(old)).toEqual([["a", 1]]);
    expect((await found(now)).map(([id]) => id)).toEqual(["b"]);
    const words = await now.searchContexts({ text: "apples" });
    expect(words.map(({ context }) => context.id).toSorted()).toEqual(["a", "b"]);
    expect(words.find(({ context }) => context.id === "a")?.why.vector).toBeUndefined();

    await now.storeContext(note("a", "red apples"));
    expect(await found(old)).toEqual([]);
    expect((await found(now))[0]).toEqual(["a", 1]);
    await now.updateContext("a", (draft) => void Object.assign(draft.content, { text: "blue plums" }));
    expect((await found(now)).every(([, similarity]) => Number(similarity) < 0.99)).toBe(true);
    await now.updateContext("a", (draft) => void Object.assign(draft.content, { text: "" }));
    expect((await found(now)).map(([id]) => id)).toEqual(["b"]);
  });

  it("[Q9] embeds no more of a text than a model reads, and nothing anew for what lies behind it", async () => {
    const { open } = newFile();
    const { Note, texts } = watched();
    const store = (await open(Note)).store(Note);
    const most = limits.embeddedTextCharacters;
    const long = `${"x".repeat(most - 1)}😀`;
    await store.storeContext(note("a", long));
    await store.storeContext(note("a", `${long} and more`));
    expect(texts()).toEqual(["x".repeat(most - 1)]);
  });

  it("[Q9] names what an embedder gives that is no vector of the component, and stores nothing", async () => {
    const { open } = newFile();
    const answers: readonly (readonly [unknown, RegExp])[] = [
      [undefined, /gave no array/],
      [[], /gave 0 vectors/],
      [[[1], [2]], /gave 2 vectors/],
      [[[1, 2, 3]], /3 numbers.*declares 2/],
      [[[Number.NaN, 1]], /finite/],
      [[[0, 0]], /zeros/],
      [[[]], /empty vector/],
      [["AAAA"], /array of numbers/],
    ];
    let answer: unknown;
    const embed = () => answer as Promise<number[][]>;
    const Note = defineComponent({ name: "Note", embeddings: { dimensions: 2, model: "odd", embed } });
    const store = (await open(Note)).store(Note);
    for (const [given, told] of answers) {
      answer = given;
      const error = await store.storeContext(note("a", "text")).catch((cause) => cause);
      expect(error).toMatchObject({ code: "embedding_failed", component: "Note" });
      expect(error.message).toMatch(told);
    }
    expect(await store.listContexts()).toEqual({ contexts: [] });
  });

  it("[Q9] remembers what was searched for, without blanks around it, and searches for no blanks", async () => {
    const embedQuery = createEmbedQuery();
    const { Note, calls, texts } = watched();
    const ask = (text: string) => embedQuery(Note, text, undefined);
    expect(await ask("red")).toEqual(await vectorOf("red"));
    expect(await ask(" red\n")).toBe(await ask("red"));
    expect(await ask(" \n")).toBeUndefined();
    expect(await embedQuery(defineComponent({ name: "Plain" }), "red", undefined)).toBeUndefined();
    expect(calls).toHaveLength(1);
    for (let number = 0; number < limits.queryVectors; number++) await ask(`${number}`);
    await ask("red");
    expect(texts().filter((text) => text === "red")).toHaveLength(2);
    const before = calls.length;
    await Promise.all(Array.from({ length: 5 }, () => ask("shared")));
    expect(calls).toHaveLength(before + 1);
    await expect(embedQuery(Note, "blue", AbortSignal.abort(new Error("stopped")))).rejects.toThrow(
      "stopped",
    );
  });
});
