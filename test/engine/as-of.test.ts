import { describe, expect, it } from "vitest";
import { createBest } from "../../src/engine/as-of/best.ts";
import { gatherCount } from "../../src/engine/as-of/gather-count.ts";
import { gatherList } from "../../src/engine/as-of/gather-list.ts";
import { gatherPages } from "../../src/engine/as-of/gather-pages.ts";
import { readSubject } from "../../src/engine/as-of/read-subject.ts";
import type { ListPage, ListQuery } from "../../src/engine/engine.ts";
import type { Standing, StandingPage } from "../../src/engine/port/as-of.ts";
import { parseFilter } from "../../src/search/filter/parse-filter.ts";
import { parseOrder } from "../../src/search/filter/parse-order.ts";

const standing = (place: number, content: object, schemaVersion = 1): Standing => ({
  ...{
    component: "Thing",
    id: `${place}`,
    type: "t",
    schemaVersion,
    version: 1,
    createdAt: 0,
    updatedAt: place,
  },
  ...{ content: JSON.stringify(content), metadata: "{}", embeddings: undefined, expiresAt: undefined, place },
});

const query: ListQuery = {
  ...{ tenant: "a", component: "Thing", type: undefined, where: undefined, order: undefined },
  ...{ limit: 10, after: undefined },
};

const listed = (contexts: readonly Standing[], asked: Partial<ListQuery>): ListPage => {
  const gathering = gatherList({ ...query, ...asked }, readSubject);
  const behind = asked.order ? undefined : asked.after?.place;
  for (const one of contexts.filter(({ place }) => behind === undefined || place < behind))
    if (!gathering.take(one)) break;
  return gathering.answer();
};

describe("a page of what stood", () => {
  const megabytes = "x".repeat(7 * 1024 * 1024);
  const large = Array.from({ length: 9 }, (_, at) => standing(9 - at, { n: 9 - at, megabytes }));

  it.for([undefined, parseOrder({ "content.n": "desc" }), parseOrder({ id: "desc" })])(
    "[Q2] ends early where contexts are large, and the walk goes on",
    (order) => {
      const first = listed(large, { order });
      const rest = listed(large, { order, after: first.next });
      const ids = [...first.contexts, ...rest.contexts].map(({ id }) => Number(id));
      expect([first.contexts.length, ids, rest.next]).toEqual([5, [9, 8, 7, 6, 5, 4, 3, 2, 1], undefined]);
    },
  );

  it("ends the walk with the page", () => {
    const gathering = gatherList({ ...query, limit: 2 }, readSubject);
    expect([5, 4, 3].map((place) => gathering.take(standing(place, {})))).toEqual([true, true, false]);
    expect(gathering.answer().next).toEqual({ place: 4 });
  });

  it("names what is damaged", () => {
    const where = parseFilter({ "content.n": 1 });
    const broken = { ...standing(1, {}), content: "{" };
    expect(() => listed([broken], { where })).toThrow(/Version 1 of Thing "1" is damaged/);
    expect(listed([broken], {}).contexts).toHaveLength(1);
  });
});

describe("the best of many", () => {
  it("are those of a sort, however many come and in whichever order", () => {
    const numbers = Array.from({ length: 1_000 }, (_, at) => (at * 7_919) % 1_009);
    for (const limit of [1, 7, 999, 2_000]) {
      const best = createBest<number>(limit, (a, b) => a - b);
      numbers.forEach(best.add);
      expect(best.take()).toEqual(numbers.toSorted((a, b) => a - b).slice(0, limit));
    }
  });

  it("end with the first that passes their size, and one more", () => {
    const best = createBest<number>(1_000, (a, b) => a - b, { sizeOf: () => 10, most: 45 });
    for (let number = 500; number > 0; number--) best.add(number);
    expect(best.take()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("a walk page by page", () => {
  const pages = (contexts: readonly Standing[]) => {
    const asked: (number | undefined)[] = [];
    const page = async ({ after }: { readonly after: number | undefined }): Promise<StandingPage> => {
      asked.push(after);
      const from = contexts.findIndex(({ place }) => after === undefined || place < after);
      const some = from === -1 ? [] : contexts.slice(from, from + 3);
      return { contexts: some, next: from + 3 < contexts.length ? some.at(-1)?.place : undefined };
    };
    return { asked, page };
  };
  const key = { tenant: "a", component: "Thing", at: 1, schemaVersion: 2 };
  const contexts = Array.from({ length: 10 }, (_, at) => standing(10 - at, { n: at }, at === 8 ? 1 : 2));

  it("asks for no more than is wanted", async () => {
    const { asked, page } = pages(contexts);
    const found = await gatherPages(page, key, gatherList({ ...query, limit: 2 }, readSubject));
    expect([found?.contexts.map(({ id }) => id), asked]).toEqual([["10", "9"], [undefined]]);
    const rest = await gatherPages(page, key, gatherList({ ...query, after: { place: 3 } }, readSubject));
    expect(rest?.contexts.map(({ id }) => id)).toEqual(["2", "1"]);
  });

  it("[E2] gives up where it meets content that only the caller can lift, unless nobody looks at it", async () => {
    const where = parseFilter({ "content.n": { $gte: 0 } });
    const { page } = pages(contexts);
    expect(await gatherPages(page, key, gatherCount({ ...query, where }, readSubject))).toBeUndefined();
    expect(await gatherPages(page, key, gatherCount(query, readSubject))).toBe(10);
    expect(
      await gatherPages(page, { ...key, schemaVersion: 0 }, gatherCount({ ...query, where }, readSubject)),
    ).toBe(10);
  });

  it("ends by the reason of a signal", async () => {
    const { page } = pages(contexts);
    const reason = new Error("enough");
    const walk = gatherPages(page, key, gatherCount(query, readSubject), AbortSignal.abort(reason));
    await expect(walk).rejects.toBe(reason);
  });
});
