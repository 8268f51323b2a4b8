import { ContextbaseError, InvalidContextError } from "contextbase";
import { describe, expect, it } from "vitest";
import { Anything, Customer, Ticket } from "./components.ts";
import { engines, manualClock, openNew } from "./engines.ts";

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

describe.each(engines)("the store on $name", (engine) => {
  it("[S1] a batch is all or nothing, small or large", async () => {
    const store = (await openNew(engine, [Customer])).store(Customer);
    for (const size of [3, 5_000]) {
      const batch = Array.from({ length: size }, (_, number) => ({
        id: `${size}-${number}`,
        type: "note" as const,
        content: { text: `${number}` },
      }));
      const broken = [...batch, { id: "broken", type: "note" as const, content: { text: 1 } as never }];
      await expect(store.storeContexts(broken)).rejects.toMatchObject({
        details: { index: size, path: "content.text" },
      });
      expect(await store.retrieveContext(`${size}-0`)).toBeUndefined();
      const stored = await store.storeContexts(batch);
      expect(stored.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
      expect(await store.retrieveContexts(batch.map(({ id }) => id))).toEqual(stored);
    }
    expect(await store.storeContexts([])).toEqual([]);
  });

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

  it("[S3] changing what came back changes nothing stored or cached", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const input = {
      id: "a",
      type: "t",
      content: { list: [1, { x: 1 }] },
      metadata: { m: {} },
      embeddings: [1, 2, 3, 4],
    };
    const stored = await store.storeContext(input);
    const spoil = (context: typeof stored) => {
      Object.assign(context.content, { list: 0 });
      Object.assign(context.metadata, { m: 0 });
      context.embeddings.fill(9);
      context.updatedAt.setTime(0);
      context.version = 99;
    };
    const expected = structuredClone(stored);
    spoil(stored);
    for (let read = 0; read < 4; read++) {
      const found = await store.getContext("a");
      expect(found).toEqual(expected);
      spoil(found);
    }
    input.content.list.push(2);
    expect((await store.getContext("a")).content).toEqual(expected.content);
    await store.updateContext("a", (draft) => ({ ...draft, type: "u" }));
    expect(await store.retrieveContext("a", { version: 1 })).toEqual(expected);
  });

  it("[S5] another tenant's context is like an absent one: reads, lists, histories, versions, write ids, deletes", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything], { clock });
    const ours = base.as({ id: "ann", tenant: "ours" });
    const theirs = base.as({ id: "bob", tenant: "theirs" });
    const stored = await ours
      .store(Anything)
      .storeContext({ id: "a", type: "t", content: { secret: 1 } }, { write: "w" });
    await ours.store(Anything).storeContext(stored.version === 1 ? { ...stored, version: 2 } : stored);
    const foreign = theirs.store(Anything);
    clock.advance(1_000);
    for (const id of ["a", "absent"]) {
      expect(await foreign.retrieveContext(id)).toBeUndefined();
      expect(await foreign.retrieveContext(id, { version: 1 })).toBeUndefined();
      expect(await foreign.retrieveContext(id, { asOf: new Date(clock() - 1) })).toBeUndefined();
      expect(await foreign.retrieveContexts([id])).toEqual([undefined]);
      expect(await foreign.history(id)).toEqual({ versions: [] });
      expect(await foreign.deleteContext(id)).toBe(false);
      await expect(foreign.getContext(id)).rejects.toMatchObject({ code: "context_not_found" });
      await expect(foreign.updateContext(id, () => {})).rejects.toMatchObject({ code: "context_not_found" });
      await expect(foreign.storeContext({ id, type: "t", content: {}, version: 3 })).rejects.toMatchObject({
        current: 0,
      });
    }
    expect(await foreign.listContexts()).toEqual({ contexts: [] });
    expect(await theirs.findWrite("w")).toBeUndefined();
    expect(await foreign.storeContext({ id: "a", type: "t", content: {} }, { write: "w" })).toMatchObject({
      version: 1,
    });
    expect(await ours.store(Anything).getContext("a")).toMatchObject({ version: 2, content: { secret: 1 } });
    expect(foreign.monitor.snapshot().storage.count).toBe(3);
    expect((await ours.store(Anything).history("a")).versions.map(({ actor }) => actor)).toEqual([
      "ann",
      "ann",
    ]);
    expect(await base.store(Anything).retrieveContext("a")).toBeUndefined();
  });

  it("[S6] updates of one context at once lose nothing", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { count: 0 } });
    await Promise.all(
      Array.from({ length: 64 }, () =>
        store.updateContext("a", ({ content, ...rest }) => ({
          ...rest,
          content: { count: Number(content.count) + 1 },
        })),
      ),
    );
    expect(await store.getContext("a")).toMatchObject({ content: { count: 64 }, version: 65 });
    await expect(store.updateContext("b", () => {})).rejects.toMatchObject({ code: "context_not_found" });
    await expect(store.updateContext("a", () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    expect((await store.getContext("a")).version).toBe(65);
  });

  it("[S6] an update meets other writers by trying again, as often as it is told", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { by: "first" } });
    let tries = 0;
    const meddled = await store.updateContext("a", async (draft) => {
      if (tries++ < 2) await store.storeContext({ id: "a", type: "t", content: { by: `other ${tries}` } });
      return { ...draft, content: { by: "me" } };
    });
    expect([tries, meddled.version, meddled.content.by]).toEqual([3, 4, "me"]);
    const always = store.updateContext(
      "a",
      async (draft) => void (await store.storeContext({ ...draft, version: draft.version + 1 })),
      { attempts: 2 },
    );
    await expect(always).rejects.toMatchObject({ code: "version_conflict" });
  });

  it("[S7] of writes at one moment each is answered by itself", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const results = await Promise.allSettled(
      Array.from({ length: 64 }, (_, number) =>
        store.storeContext({ id: `${number % 32}`, type: "t", content: { number }, version: 1 }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 32 }, () => "fulfilled"),
      ...Array.from({ length: 32 }, () => "rejected"),
    ]);
    expect((await store.getContext("31")).content).toEqual({ number: 31 });
  });

  it("[Q2] a list is newest first, by type or not, and a full walk sees each unchanged context once while others write", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const ids = Array.from({ length: 57 }, (_, number) => `${number}`);
    await store.storeContexts(ids.map((id) => ({ id, type: `t${Number(id) % 2}`, content: {} })));
    for (const type of [undefined, "t0", "t1"]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listContexts({ type, limit: 5, cursor });
        seen.push(...page.contexts.map(({ id }) => id));
        cursor = page.nextCursor;
        await store.storeContext({ type: "t0", content: {} });
        await store.storeContext({ id: "0", type: "t0", content: {} });
      } while (cursor !== undefined);
      const expected = ids.filter((id) => type === undefined || `t${Number(id) % 2}` === type).reverse();
      expect(seen.filter((id) => ids.includes(id))).toEqual(expected);
    }
  });

  it("[Q2] a page of large contexts ends early, and the walk goes on", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const text = "x".repeat(7 * 1024 * 1024);
    for (let number = 0; number < 9; number++)
      await store.storeContext({ type: "t", content: { number, text } });
    const first = await store.listContexts({ limit: 9 });
    const rest = await store.listContexts({ limit: 9, cursor: first.nextCursor });
    const numbers = [...first.contexts, ...rest.contexts].map(({ content }) => content.number);
    expect([first.contexts.length, numbers, rest.nextCursor]).toEqual([
      5,
      [8, 7, 6, 5, 4, 3, 2, 1, 0],
      undefined,
    ]);
  });

  it("[Q2] a cursor of another list, or a forged one, is refused", async () => {
    const base = await openNew(engine, [Anything, Customer]);
    const store = base.store(Anything);
    await store.storeContexts(["a", "b", "c"].map((id) => ({ id, type: "t", content: {} })));
    const { nextCursor: cursor } = await store.listContexts({ limit: 1 });
    expect(cursor).toBeTypeOf("string");
    const refused = [
      () => store.listContexts({ type: "t", cursor }),
      () => store.history("a", { cursor }),
      () => base.store(Customer).listContexts({ cursor }),
      () => store.listContexts({ cursor: "x" }),
      () => store.listContexts({ cursor: `${cursor}x` }),
    ];
    for (const call of refused) await expect(call()).rejects.toMatchObject({ code: "invalid_cursor" });
    for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
      await expect(store.listContexts({ limit })).rejects.toMatchObject({ code: "invalid_argument" });
    }
    await expect(base.store(Customer).listContexts({ type: "prfile" })).rejects.toThrow(
      /Its types: profile, note/,
    );
  });

  it("[C2] a write sent again under its id changes nothing and gets the first answer", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    const made = await store.storeContext({ type: "t", content: { n: 1 } }, { write: "w1" });
    expect(await store.storeContext({ type: "t", content: { n: 1 } }, { write: "w1" })).toEqual(made);
    const batch = ["a", "b"].map((id) => ({ id, type: "t", content: {} }));
    const stored = await store.storeContexts(batch, { write: "w2" });
    await store.storeContext({ id: "a", type: "t", content: { later: true } });
    expect(await store.storeContexts(batch, { write: "w2" })).toEqual(stored);
    expect(await store.deleteContext("b", { write: "w3" })).toBe(true);
    expect(await store.deleteContext("b", { write: "w3" })).toBe(true);
    expect(await base.findWrite("w2")).toMatchObject({
      write: "w2",
      actor: "anonymous",
      changes: [
        { component: "Anything", id: "a", version: 1, operation: "store" },
        { component: "Anything", id: "b", version: 1, operation: "store" },
      ],
    });
    expect(await base.findWrite("never")).toBeUndefined();
    const others = [
      store.storeContext({ type: "t", content: { n: 2 } }, { write: "w1" }),
      store.storeContext({ id: "a", type: "t", content: {} }, { write: "w2" }),
      store.deleteContext("a", { write: "w3" }),
    ];
    for (const other of others) await expect(other).rejects.toMatchObject({ code: "write_reused" });
    expect((await store.history("a")).versions).toHaveLength(2);
  });

  it("[C2, S6] an update sent again under its write id is done once; one inside of itself is refused", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    await store.storeContext({ id: "a", type: "t", content: { count: 0 } });
    await store.storeContext({ id: "b", type: "t", content: { count: 0 } });
    const increment = (id: string) =>
      store.updateContext(
        id,
        ({ content, ...rest }) => ({ ...rest, content: { count: Number(content.count) + 1 } }),
        {
          write: "w",
        },
      );
    const first = await increment("a");
    expect(first).toMatchObject({ version: 2, content: { count: 1 } });
    expect(await increment("a")).toEqual(first);
    expect((await store.getContext("a")).version).toBe(2);
    await expect(increment("b")).rejects.toMatchObject({ code: "write_reused" });
    const nested = store.updateContext("a", async () => {
      await store.updateContext("a", () => {});
    });
    await expect(nested).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("[D3] an error is an instance of its component's Error and of its own class", async () => {
    const base = await openNew(engine, [Anything, Customer]);
    const error = await base
      .store(Customer)
      .getContext("x")
      .catch((cause) => cause);
    expect(error).toBeInstanceOf(Customer.Error);
    expect(error).toBeInstanceOf(ContextbaseError);
    expect(error).not.toBeInstanceOf(Anything.Error);
    const own = new Customer.Error("context_not_found", "gone");
    expect([own.name, own.component, own.status]).toEqual(["CustomerError", "Customer", 404]);
  });

  it("a signal that fired refuses a call, and a write that waits", async () => {
    const store = (await openNew(engine, [Anything])).store(Anything);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(store.storeContext({ id: "a", type: "t", content: {} }, { signal })).rejects.toThrow(
      "enough",
    );
    await expect(store.retrieveContext("a", { signal })).rejects.toThrow("enough");
    const controller = new AbortController();
    const waiting = store.storeContext({ id: "a", type: "t", content: {} }, { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(await store.retrieveContext("a")).toBeUndefined();
  });

  it("a closed store finishes what waits, and refuses the rest by name", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    const waiting = store.storeContext({ id: "a", type: "t", content: {} });
    await base.close();
    expect(await waiting).toMatchObject({ version: 1 });
    await expect(store.retrieveContext("a")).rejects.toMatchObject({ code: "closed" });
    await expect(store.storeContext({ id: "a", type: "t", content: {} })).rejects.toMatchObject({
      code: "closed",
    });
    await base.close();
  });

  it("misspelled options and components that were not given are refused by name", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    await expect(store.listContexts({ limt: 1 } as never)).rejects.toThrow(/no option "limt"/);
    await expect(store.retrieveContext("a", { versoin: 1 } as never)).rejects.toThrow(/no option "versoin"/);
    await expect(store.retrieveContext("a", { version: 1, asOf: new Date() })).rejects.toThrow(/not both/);
    expect(() => base.as({ id: "x", tennant: "y" } as never)).toThrow(/no option "tennant"/);
    expect(() => base.store(Customer)).toThrow(/Customer/);
  });
});
