import { expect, it } from "vitest";
import { createRandom } from "../../scripts/campaigns/random.ts";
import type { ContextStore, Where } from "../../src/index.ts";
import { upgrade } from "../../src/maintenance/upgrade.ts";
import { createNew } from "../../src/testing/engine-under-test.ts";
import { embedded, manualClock, server } from "../contract/engines.ts";
import { Middle, New, note, Old } from "./upgrade-components.ts";

const seed = Date.now() % 2 ** 31;
const contexts = 1_800;
const mostN = 40;

type Known = { readonly id: string; readonly n: number; readonly place: number };
type Query = { readonly where: Where; readonly orderBy?: "content.n" | { readonly "content.n": "desc" } };

const expected = (
  known: readonly Known[],
  low: number,
  high: number,
  orderBy: Query["orderBy"],
): string[] => {
  const fitting = known.filter(({ n }) => n >= low && n < high);
  const sign = typeof orderBy === "object" ? -1 : 1;
  const sorted = orderBy
    ? fitting.toSorted((a, b) => sign * (a.n - b.n || a.place - b.place))
    : fitting.toSorted((a, b) => b.place - a.place);
  return sorted.map(({ id }) => id);
};

const walk = async (store: ContextStore<typeof New>, query: Query, limit: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await store.listContexts({ ...query, limit, cursor });
    ids.push(...page.contexts.map(({ id }) => id));
    if (page.nextCursor === undefined) return ids;
    cursor = page.nextCursor;
  }
};

const tested = [embedded[0], server].filter((engine) => engine !== undefined);

it.each(tested)(
  `[E2] lists, counts and searches of mixed ages give what a look at everything gives, also while an upgrade goes on, seed ${seed} ($name)`,
  async (engine) => {
    const random = createRandom(seed);
    const data = await createNew(engine);
    const clock = manualClock();
    const bases = await Promise.all(
      [Old, Middle, New].map((component) => data.open({ components: [component], clock })),
    );
    const known: Known[] = [];
    for (let first = 0; first < contexts; first += 50) {
      const age = random.below(4) % 3;
      const inputs = Array.from({ length: 50 }, (_, at) => note(`c${first + at}`, random.below(mostN)));
      const component = [Old, Middle, New][age] ?? New;
      await bases[age]?.store(component).storeContexts(inputs);
      for (const [at, { id, content }] of inputs.entries())
        known.push({ id, n: content.n + 2 - age, place: first + at });
    }
    const store = bases[2]?.store(New) as ContextStore<typeof New>;
    const look = async (): Promise<void> => {
      const low = random.below(mostN);
      const high = low + 1 + random.below(8);
      const where = { "content.n": { $gte: low, $lt: high } };
      const order = random.pick([
        {},
        { orderBy: "content.n" },
        { orderBy: { "content.n": "desc" } },
      ] as const);
      const query: Query = { where, ...order };
      const ids = expected(known, low, high, query.orderBy);
      expect(await walk(store, query, random.pick([7, 100, 1_000]))).toEqual(ids);
      expect(await store.countContexts({ where })).toBe(ids.length);
      const hits = await store.searchContexts({ text: "plain", embeddings: [], where, limit: 1_000 });
      expect(hits.map(({ context }) => context.id).sort()).toEqual(ids.toSorted());
    };
    for (let count = 0; count < 5; count++) await look();
    const owner = await data.openEngine();
    let going = true;
    const rewriting = (async () => {
      await upgrade(owner, New);
      going = false;
    })();
    while (going) await look();
    await rewriting;
    for (let count = 0; count < 3; count++) await look();
  },
);
