import { expect, it } from "vitest";
import type { ListOptions } from "../../index.ts";
import { Anything, Indexed } from "../components.ts";
import { type EngineUnderTest, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const note = (id: string, content: object, type = "note") => ({ id, type, content: { ...content } });

/** Reads of what stood at a time that is past. */
export const asOf = (engine: EngineUnderTest): void => {
  it("[V7] lists, counts and reads as of a time give what stood then: not what came later, not what was deleted", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything], { clock });
    const store = base.store(Anything);
    const times: Date[] = [];
    const then = (): void => {
      times.push(new Date(clock()));
      clock.advance(1_000);
    };
    then();
    await store.storeContexts([note("a", { n: 1 }), note("b", { n: 1 }, "plan"), note("c", { n: 1 })]);
    await base
      .as({ id: "other", tenant: "other" })
      .store(Anything)
      .storeContext(note("z", { n: 1 }));
    then();
    await store.storeContext(note("a", { n: 2 }));
    await store.deleteContext("c");
    then();
    await store.storeContexts([note("d", { n: 1 }), note("b", { n: 3 })]);
    await store.deleteContext("a");
    then();
    await store.storeContext(note("c", { n: 4 }));
    then();
    const standing = [[], ["c1", "b1", "a1"], ["b1", "a2"], ["d1", "b2"], ["d1", "c3", "b2"]];
    for (const [at, expected] of standing.entries()) {
      const asOf = times[at];
      const { contexts } = await store.listContexts({ asOf });
      expect(contexts.map(({ id, version }) => id + version)).toEqual(expected);
      expect(await store.countContexts({ asOf })).toBe(expected.length);
      const read = await store.retrieveContexts(["a", "b", "c", "d", "e"], { asOf });
      expect(read.flatMap((one) => (one ? [one.id + one.version] : [])).sort()).toEqual(expected.toSorted());
      const single = await Promise.all(
        ["a", "b", "c", "d", "e"].map((id) => store.retrieveContext(id, { asOf })),
      );
      expect(single).toEqual(read);
      const plans = await store.listContexts({ asOf, type: "plan" });
      expect(plans.contexts.map(({ id }) => id)).toEqual(at === 1 || at === 2 ? ["b"] : []);
      expect(await store.countContexts({ asOf, where: { "content.n": { $gte: 2 } } })).toBe(
        [0, 0, 1, 1, 2][at],
      );
      const versions = await store.history("c", { asOf });
      expect(versions.versions.map(({ version }) => version)).toEqual(
        [[], [1], [2, 1], [2, 1], [3, 2, 1]][at],
      );
    }
    expect(await store.listContexts({ asOf: new Date(clock() + 9_000) })).toEqual(await store.listContexts());
    await expect(store.getContext("c", { asOf: times[3] })).rejects.toMatchObject({
      code: "context_not_found",
    });
    for (const asOf of ["yesterday", new Date(Number.NaN), 5 as unknown as string]) {
      for (const call of [store.listContexts, store.countContexts])
        await expect(call({ asOf })).rejects.toMatchObject({ code: "invalid_argument" });
      await expect(store.history("a", { asOf })).rejects.toMatchObject({ code: "invalid_argument" });
      await expect(store.retrieveContexts(["a"], { asOf })).rejects.toMatchObject({
        code: "invalid_argument",
      });
    }
  });

  it("[V7, Q2] a walk as of a time gives the same pages, in any order, while others write", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Indexed], { clock })).store(Indexed);
    const values = [3, "b", null, true, -1, "a", [1], { a: 1 }, 0, "a"];
    await store.storeContexts(values.map((value, at) => note(`${at}`, { value, even: at % 2 === 0 })));
    clock.advance(1_000);
    const asOf = new Date(clock() - 1);
    const walk = async (options: ListOptions, between = async (): Promise<unknown> => undefined) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.listContexts({ ...options, cursor });
        ids.push(...page.contexts.map(({ id, version }) => `${id}.${version}`));
        cursor = page.nextCursor;
        await between();
      } while (cursor !== undefined);
      return ids;
    };
    const lists: ListOptions[] = [
      {},
      { where: { "content.even": true } },
      { orderBy: "content.value" },
      { orderBy: { "content.value": "desc" } },
      { orderBy: "id", where: { id: { $lt: "7" } } },
      { orderBy: { updatedAt: "desc" } },
    ];
    const before = await Promise.all(lists.map((list) => walk({ ...list, limit: 3 })));
    let turn = 0;
    for (const [at, list] of lists.entries()) {
      const during = await walk({ ...list, limit: 3, asOf }, async () => {
        await store.storeContext(note(`${turn++ % 7}`, { value: "new", even: true }));
        await store.storeContext(note(`new${turn}`, { value: 0, even: true }));
        if (turn % 4 === 0) await store.deleteContext("8");
      });
      expect(during).toEqual(before[at]);
    }
  });

  it("[V7, Q2] a cursor of a list as of a time belongs to that time", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    await store.storeContexts(["a", "b", "c"].map((id) => note(id, {})));
    await store.storeContext(note("a", {}));
    clock.advance(1_000);
    const [asOf, other] = [new Date(clock() - 1), new Date(clock() - 2)];
    const { nextCursor: cursor } = await store.listContexts({ asOf, limit: 1 });
    const history = await store.history("a", { asOf, limit: 1 });
    const refused = [
      () => store.listContexts({ asOf: other, cursor }),
      () => store.listContexts({ cursor }),
      () => store.history("a", { asOf: other, cursor: history.nextCursor }),
      () => store.history("a", { cursor: history.nextCursor }),
    ];
    for (const call of refused) await expect(call()).rejects.toMatchObject({ code: "invalid_cursor" });
    expect((await store.listContexts({ asOf, cursor })).contexts.map(({ id }) => id)).toEqual(["b", "a"]);
    const future = new Date(clock() + 1_000);
    const first = await store.listContexts({ asOf: future, limit: 1 });
    clock.advance(2_000);
    await store.storeContext(note("b", { later: true }));
    const rest = await store.listContexts({ asOf: future, cursor: first.nextCursor });
    expect(rest.contexts.map(({ id, version }) => id + version)).toEqual(["b1", "a2"]);
  });

  it("[V7] a store that is closed, or a signal that fired, refuses reads as of a time by name", async () => {
    const clock = manualClock();
    const base = await openNew(engine, [Anything], { clock });
    const store = base.store(Anything);
    await store.storeContext(note("a", { text: "words" }));
    clock.advance(1_000);
    const asOf = new Date(clock() - 1);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(store.listContexts({ asOf, signal })).rejects.toThrow("enough");
    await expect(store.searchContexts({ text: "words", asOf, signal })).rejects.toThrow("enough");
    await base.close();
    const calls = [
      () => store.listContexts({ asOf }),
      () => store.countContexts({ asOf }),
      () => store.retrieveContexts(["a", "b"], { asOf }),
      () => store.searchContexts({ text: "words", asOf }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "closed" });
  });
};
