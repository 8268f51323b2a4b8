import { expect, it } from "vitest";
import { type Change, type ContextbaseView, limits } from "../../index.ts";
import { Anything, Customer, Ticket } from "../components.ts";
import { createNew, type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";

/** The next changes of a watch, as many as are asked for; then it is left. */
const take = async (watching: AsyncIterable<Change>, count: number): Promise<Change[]> => {
  const taken: Change[] = [];
  for await (const change of watching) if (taken.push(change) === count) break;
  return taken;
};

const idsOf = (changes: readonly Change[]): string[] => changes.map(({ id }) => id);

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

const contextsOf = (count: number, prefix = "c") =>
  Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}`, type: "t", content: {} }));

const put = (view: ContextbaseView, id: string, type = "t") =>
  view.store(Anything).storeContext({ id, type, content: {} });

/** What a watch tells. */
export const watching = (engine: EngineUnderTest): void => {
  it("[C1] a watch tells everything of a change: a store, a next version, a deletion", async () => {
    const base = await openNew(engine, [Anything]);
    const store = base.store(Anything);
    const ada = base.as({ id: "ada" }).store(Anything);
    const { createdAt } = await ada.storeContext({ id: "a", type: "t", content: {} }, { write: "w1" });
    const { updatedAt } = await store.storeContext({ id: "a", type: "u", content: {} }, { write: "w2" });
    await ada.deleteContext("a", { write: "w3" });
    const [entry] = (await store.history("a", { limit: 1 })).versions;
    const a = { component: "Anything", id: "a" };
    const [byAda, byNobody] = [{ actor: "ada" }, { actor: "anonymous" }];
    const [stores, deletes] = [{ operation: "store" }, { operation: "delete" }];
    expect(await take(base.watch({ after: 0 }), 3)).toEqual([
      { ...a, ...stores, ...byAda, position: 1, type: "t", version: 1, at: createdAt, write: "w1" },
      { ...a, ...stores, ...byNobody, position: 2, type: "u", version: 2, at: updatedAt, write: "w2" },
      { ...a, ...deletes, ...byAda, position: 3, type: "u", version: 3, at: entry?.at, write: "w3" },
    ]);
  });

  it("[C3] a watch begins where the log stands at the call, not at the first change asked for", async () => {
    const base = await openNew(engine, [Anything]);
    await put(base, "before");
    const watching = base.watch();
    await put(base, "first");
    await put(base, "second");
    expect(idsOf(await take(watching, 2))).toEqual(["first", "second"]);
    for (const id of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
      const [told] = await Promise.all([take(base.watch(), 1), put(base, id)]);
      expect(idsOf(told)).toEqual([id]);
    }
  });

  it("[C1, C3] a watch goes on after any position, from the start too, page after page", async () => {
    const base = await openNew(engine, [Anything]);
    const page = limits.watchedChanges;
    const count = page * 2 + 7;
    const contexts = contextsOf(count);
    await base.store(Anything).storeContexts(contexts);
    const whole = await take(base.watch({ after: 0 }), count);
    expect(whole.map(({ position }) => position)).toEqual(numbers(count));
    expect(idsOf(whole)).toEqual(contexts.map(({ id }) => id));
    for (const after of [1, page - 1, page, count - 1]) {
      expect(await take(base.watch({ after }), count - after)).toEqual(whole.slice(after));
    }
  });

  it("[C1] a watch that waits is woken by whatever is written: one, several, very many", async () => {
    const base = await openNew(engine, [Anything]);
    const iterator = base.watch()[Symbol.asyncIterator]();
    let position = 0;
    for (const size of [1, 1, 3, limits.inlineWrites + 10, 1]) {
      const waiting = iterator.next();
      const [told] = await Promise.all([waiting, base.store(Anything).storeContexts(contextsOf(size))]);
      expect(told.value).toMatchObject({ position: ++position, id: "c0" });
      for (let n = 1; n < size; n++) {
        expect((await iterator.next()).value).toMatchObject({ position: ++position, id: `c${n}` });
      }
    }
    await iterator.return?.();
  });

  it("[C1] a store's watch tells of its component alone, and any watch of a type alone where asked", async () => {
    const base = await openNew(engine, [Anything, Customer, Ticket]);
    const customers = base.store(Customer);
    await put(base, "a", "note");
    await customers.storeContext({ id: "b", type: "profile", content: { name: "Ada" } });
    await base.store(Ticket).storeContext({ id: "c", type: "ticket", content: { title: "x" } });
    await customers.storeContext({ id: "d", type: "note", content: { text: "x" } });
    await customers.deleteContext("b");
    await customers.deleteContext("d");
    expect(idsOf(await take(customers.watch({ after: 0 }), 4))).toEqual(["b", "d", "b", "d"]);
    expect(idsOf(await take(customers.watch({ after: 0, type: "note" }), 2))).toEqual(["d", "d"]);
    expect(idsOf(await take(base.watch({ after: 0, type: "note" }), 3))).toEqual(["a", "d", "d"]);
    expect(idsOf(await take(base.watch({ after: 0 }), 6))).toEqual(["a", "b", "c", "d", "b", "d"]);
  });

  it("[S5, C1] tenants have logs of their own: a watch tells nothing of another's, whatever it is named", async () => {
    const base = await openNew(engine, [Anything]);
    const tenants = ["default", "a", "a'b", "A", "%", "_", "\\", "a/b", "__proto__", "a b", "é"];
    const views = tenants.map((tenant) => base.as({ id: "somebody", tenant }));
    const told = views.map((view) => take(view.watch(), 3));
    for (const n of [0, 1, 2]) {
      await Promise.all(views.map((view, index) => put(view, `${n} of ${index}`)));
    }
    for (const [index, changes] of (await Promise.all(told)).entries()) {
      expect(idsOf(changes)).toEqual([0, 1, 2].map((n) => `${n} of ${index}`));
      expect(changes.map(({ position }) => position)).toEqual([1, 2, 3]);
    }
  });

  it("[C1] with 64 writers at once each watch tells each change once, in order", async () => {
    const base = await openNew(engine, [Anything]);
    const count = 64 * 8;
    const told = [0, 0, 0].map(() => take(base.watch(), count));
    const lane = async (name: number): Promise<void> => {
      for (let n = 0; n < 8; n++) await put(base, n % 2 === 0 ? "shared" : `${name}`);
    };
    await Promise.all(Array.from({ length: 64 }, (_, name) => lane(name)));
    for (const changes of await Promise.all(told)) {
      expect(changes.map(({ position }) => position)).toEqual(numbers(count));
      const shared = changes.filter(({ id }) => id === "shared");
      expect(shared.map(({ version }) => version)).toEqual(numbers(count / 2));
    }
  });

  itWith(engine, "severalStores")("[C1] a watch tells what other stores of the same data write", async () => {
    const data = await createNew(engine);
    const one = await data.open({ components: [Anything] });
    const other = await data.open({ components: [Anything] });
    const iterator = one.watch()[Symbol.asyncIterator]();
    for (let n = 1; n <= 20; n++) {
      const [told] = await Promise.all([iterator.next(), put(n % 3 === 0 ? one : other, `c${n}`)]);
      expect(told.value).toMatchObject({ position: n, id: `c${n}` });
    }
    await iterator.return?.();
  });

  itWith(engine, "reopens")("[C1] a watch goes on where one before a restart ended", async () => {
    const data = await createNew(engine);
    const first = await data.open({ components: [Anything] });
    await first.store(Anything).storeContexts(contextsOf(5));
    const [last] = (await take(first.watch({ after: 0 }), 2)).slice(-1);
    await first.close();
    const second = await data.open({ components: [Anything] });
    await put(second, "later");
    const told = await take(second.watch({ after: last?.position }), 4);
    expect(idsOf(told)).toEqual(["c2", "c3", "c4", "later"]);
  });
};
