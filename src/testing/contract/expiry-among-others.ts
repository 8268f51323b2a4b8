import { expect, it } from "vitest";
import { Anything } from "../components.ts";
import { type EngineUnderTest, itWith, openNew } from "../engine-under-test.ts";
import { manualClock } from "../manual-clock.ts";

const hour = 60 * 60 * 1_000;

const note = (text: string) => ({ type: "note", content: { text } });

/** What expired is not found, and hides nothing that is. */
export const expiryAmongOthers = (engine: EngineUnderTest): void => {
  it("[V12, Q2, Q4] pages and hits are full although others among them expired", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    const all = Array.from({ length: 60 }, (_, index) => ({
      ...note(`quick ${"fox ".repeat(index < 40 ? 1 : 5)}`),
      id: `c${String(index).padStart(2, "0")}`,
      ...(index < 40 && { expiresAt: new Date(clock() + hour) }),
      metadata: { index },
    }));
    await store.storeContexts(all.filter((_, index) => index % 2 === 0));
    await store.storeContexts(all.filter((_, index) => index % 2 === 1));
    clock.advance(hour);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.listContexts({ limit: 7, cursor });
      seen.push(...page.contexts.map(({ id }) => id));
      if (page.nextCursor) expect(page.contexts).toHaveLength(7);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(all.slice(40).map(({ id }) => id));
    expect(await store.countContexts()).toBe(20);
    const hits = await store.searchContexts({ text: "quick fox", limit: 15 });
    expect(hits).toHaveLength(15);
    expect(hits.every(({ context }) => Number(context.metadata.index) >= 40)).toBe(true);
  });

  itWith(engine, "vectors")("[V12, Q4] what expired is no hit by vector, and hides none", async () => {
    const clock = manualClock();
    const store = (await openNew(engine, [Anything], { clock })).store(Anything);
    const expiresAt = new Date(clock() + hour);
    await store.storeContexts(
      Array.from({ length: 30 }, (_, index) => ({
        ...note("x"),
        id: `c${index}`,
        embeddings: [1, index / 100, 0, 0],
        ...(index < 20 && { expiresAt }),
      })),
    );
    clock.advance(hour);
    const hits = await store.searchContexts({ embeddings: [1, 0, 0, 0], limit: 5 });
    expect(hits.map(({ context }) => context.id)).toEqual(["c20", "c21", "c22", "c23", "c24"]);
  });
};
