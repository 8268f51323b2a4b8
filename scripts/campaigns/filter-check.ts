import type { Contextbase } from "../../src/index.ts";
import { type Component, defineComponent } from "../../src/index.ts";
import type { OrderBy, Where } from "../../src/model/where.ts";
import {
  declaredPaths,
  type GeneratedContext,
  randomContext,
  randomFilter,
  randomOrder,
} from "./filter-cases.ts";
import { type OracleContext, oracleList } from "./filter-oracle.ts";
import type { Random } from "./random.ts";

export const Filtered: Component = defineComponent({ name: "Filtered", indexes: declaredPaths });

const batch = 500;

const storeOf = (base: Contextbase, tenant: string) => base.as({ id: "me", tenant }).store(Filtered);

/** Stores generated contexts, changes some and deletes some, as two tenants: what stands of the first comes back. */
export const storeContexts = async (
  base: Contextbase,
  random: Random,
  count: number,
  tenant: string,
): Promise<OracleContext[]> => {
  const store = storeOf(base, tenant);
  const other = storeOf(base, `not ${tenant}`);
  const standing = new Map<string, OracleContext>();
  const put = async (contexts: readonly GeneratedContext[], to: typeof store): Promise<void> => {
    const stored = await to.storeContexts(contexts);
    if (to !== store) return;
    for (const context of stored) {
      const { id, type, version } = context;
      // What is compared with is what was given, not what came back.
      const given = contexts.find((one) => one.id === id);
      standing.set(id, {
        ...{ id, type, version, content: given?.content ?? null, metadata: given?.metadata ?? null },
        createdAt: context.createdAt.getTime(),
        updatedAt: context.updatedAt.getTime(),
        place: standing.get(id)?.place ?? standing.size,
      });
    }
  };
  for (let from = 0; from < count; from += batch) {
    const ids = Array.from(
      { length: Math.min(batch, count - from) },
      (_, at) => `${random.pick(["a", "ä", "😀"])}${from + at}`,
    );
    await put(
      ids.map((id) => randomContext(random, id)),
      store,
    );
    await put(
      ids.slice(0, 20).map((id) => randomContext(random, id)),
      other,
    );
    const changed = ids.filter(() => random.below(5) === 0);
    await put(
      changed.map((id) => randomContext(random, id)),
      store,
    );
  }
  for (const id of [...standing.keys()].filter(() => random.below(20) === 0)) {
    await store.deleteContext(id);
    standing.delete(id);
  }
  return [...standing.values()];
};

export type FilterCase = { readonly where: Where | undefined; readonly orderBy: OrderBy | undefined };

export const randomCase = (random: Random, contexts: readonly OracleContext[]): FilterCase => ({
  where:
    random.below(20) === 0
      ? undefined
      : randomFilter(
          random,
          contexts.map(({ id }) => id),
        ),
  orderBy: randomOrder(random),
});

/** A whole list, page by page. */
export const walk = async (
  base: Contextbase,
  { where, orderBy }: FilterCase,
  limit: number,
  tenant: string,
): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await storeOf(base, tenant).listContexts({ where, orderBy, limit, cursor });
    ids.push(...page.contexts.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
};

/** What is wrong with the answer of a store to a generated filter; undefined where nothing is. */
export const checkCase = async (
  base: Contextbase,
  contexts: readonly OracleContext[],
  one: FilterCase,
  limit: number,
  tenant: string,
): Promise<string | undefined> => {
  const expected = oracleList(contexts, one.where, one.orderBy);
  const asked = JSON.stringify(one);
  const found = await walk(base, one, limit, tenant);
  const count = await storeOf(base, tenant).countContexts({ where: one.where });
  if (count !== expected.length) return `${asked}: counted ${count}, not ${expected.length}`;
  if (found.join("\n") === expected.join("\n")) return undefined;
  const missed = expected.filter((id) => !found.includes(id));
  const wrong = found.filter((id) => !expected.includes(id));
  return `${asked} (by ${limit}): missed ${missed.join(", ")}; wrong ${wrong.join(", ")}; or the order is`;
};
