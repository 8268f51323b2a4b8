import { expect, it } from "vitest";
import { InvalidContextError } from "../../index.ts";
import { Anything, Customer, Ticket } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";

const hostileTexts = [
  "%",
  "_",
  "\\",
  "/",
  "''",
  '"',
  "__proto__",
  "constructor",
  "a\nb",
  "é\u0301",
  "😀",
  " ",
  "-1",
  "NULL",
];

/** What a store takes, what it refuses, and what it makes of it. */
export const checking = (engine: EngineUnderTest): void => {
  it("[S2] what is stored is the output of the schema", async () => {
    const store = (await openNew(engine, [Customer])).store(Customer);
    const input = {
      id: "a",
      type: "profile" as const,
      content: { name: "Ada", more: 1 } as { name: string },
    };
    const stored = await store.storeContext(input);
    expect(stored.content).toEqual({ name: "Ada", plan: "free" });
    expect(await store.retrieveContext("a")).toEqual(stored);
  });

  it("[S2] what does not fit is refused by name: what, where, and nothing is stored", async () => {
    const base = await openNew(engine, [Customer, Ticket, Anything]);
    const store = base.store(Customer);
    const note = { id: "a", type: "note", content: { text: "x" } };
    const refused: readonly (readonly [input: unknown, path: string])[] = [
      [{ ...note, type: "other" }, "type"],
      [{ ...note, type: "" }, "type"],
      [{ ...note, content: { text: 1 } }, "content.text"],
      [{ ...note, content: [] }, "content"],
      [{ ...note, content: undefined }, "content"],
      [{ ...note, metadata: { source: 1 } }, "metadata.source"],
      [{ ...note, metadata: null }, "metadata"],
      [{ ...note, embeddings: [1, 2] }, "embeddings"],
      [{ ...note, embeddings: [1, Number.NaN, 3] }, "embeddings[1]"],
      [{ ...note, embeddings: [1, 2, Number.POSITIVE_INFINITY] }, "embeddings[2]"],
      [{ ...note, embeddings: [1, 2, 1e39] }, "embeddings[2]"],
      [{ ...note, embeddings: [0, -0, 0] }, "embeddings"],
      [{ ...note, embeddings: "1,2,3" }, "embeddings"],
      [{ ...note, id: "." }, "id"],
      [{ ...note, id: ".." }, "id"],
      [{ ...note, id: "" }, "id"],
      [{ ...note, id: "a\0" }, "id"],
      [{ ...note, id: "\ud800" }, "id"],
      [{ ...note, id: "é".repeat(257) }, "id"],
      [{ ...note, version: 0 }, "version"],
      [{ ...note, version: 1.5 }, "version"],
      [{ ...note, contnet: {} }, '"contnet"'],
      [null, "context"],
    ];
    for (const [input, path] of refused) {
      const error = await store.storeContext(input as never).catch((cause) => cause);
      expect(error, path).toBeInstanceOf(InvalidContextError);
      expect(error, path).toBeInstanceOf(Customer.Error);
      expect(error).toMatchObject({ code: "invalid_context", details: { path } });
    }
    const ticket = { type: "ticket" as const, content: { title: "", due: "2026-01-31" } };
    await expect(base.store(Ticket).storeContext(ticket)).rejects.toMatchObject({
      details: { path: "content.title" },
    });
    expect((await store.listContexts()).contexts).toEqual([]);
    expect((await store.history("a")).versions).toEqual([]);
  });

  it("[S2] values that JSON does not have are refused; undefined is dropped and −0 becomes 0", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const store1 = (value: unknown) =>
      store.storeContext({ id: "a", type: "t", content: { deep: [{ value }] } as never });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const own = JSON.parse('{"__proto__": 1}');
    for (const value of [
      Number.NaN,
      -Infinity,
      1n,
      new Date(),
      new Map(),
      Symbol("s"),
      () => 1,
      "\0",
      "\udc00",
      circular,
      own,
      [undefined],
    ]) {
      await expect(store1(value)).rejects.toMatchObject({
        code: "invalid_context",
        details: { path: expect.stringMatching(/^content/) },
      });
    }
    const stored = await store1({ gone: undefined, zero: -0, text: "ok" });
    expect(stored.content).toEqual({ deep: [{ value: { zero: 0, text: "ok" } }] });
    expect(
      Object.is((stored.content as { deep: { value: { zero: number } }[] }).deep[0]?.value.zero, 0),
    ).toBe(true);
  });

  it("[S2] embeddings are kept as float32, ids and texts as they are", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const stored = await store.storeContext({
      id: "v",
      type: "t",
      content: {},
      embeddings: [0.1, -0, 1e-40, 3e38],
    });
    expect(stored.embeddings).toEqual(new Float32Array([0.1, 0, 1e-40, 3e38]));
    for (const text of hostileTexts) {
      const context = { id: text, type: text, content: { text, [`_${text}`]: [text] }, metadata: { text } };
      await store.storeContext(context);
      const { id, type, content, metadata } = await store.getContext(text);
      expect({ id, type, content, metadata }).toEqual(context);
      expect((await store.listContexts({ type: text })).contexts).toMatchObject([{ id: text }]);
      expect((await store.history(text)).versions).toHaveLength(1);
    }
    expect((await store.listContexts({ limit: 1_000 })).contexts).toHaveLength(hostileTexts.length + 1);
  });
};
