import { join } from "node:path";
import { type ContextbaseView, encodeContext, openContextbase } from "contextbase";
import { onTestFinished } from "vitest";
import { createRandom } from "../../scripts/campaigns/random.ts";
import type { Change, Engine } from "../../src/engine/engine.ts";
import { type MovedTenant, type MoveOptions, moveStore } from "../../src/maintenance/move.ts";
import { openEngine } from "../../src/open.ts";
import { Anything, Customer } from "../contract/components.ts";
import { key, manualClock, temporaryFolder } from "../contract/engines.ts";

export const components = [Anything, Customer];

/** Names that a pattern, a path or an order could take for something else. */
export const tenants = ["a", "a%_b", "default", "ünï''\\/__proto__"];

export type Place = { readonly path: string; readonly url: string; readonly key: Uint8Array | undefined };

export const newPlace = (withKey?: Uint8Array): Place => {
  const path = join(temporaryFolder(), "store.db");
  return { path, url: `file:${path}`, key: withKey };
};

/** An engine on a place, closed after the test. */
export const engineOf = async ({ url, key: withKey }: Place): Promise<Engine> => {
  const engine = await openEngine(url, withKey);
  onTestFinished(() => engine.close());
  return engine;
};

/** Moves everything, to the end. */
export const move = async (from: Engine, to: Engine, options?: MoveOptions): Promise<MovedTenant[]> => {
  const moved: MovedTenant[] = [];
  for await (const tenant of moveStore(from, to, options)) moved.push(tenant);
  return moved;
};

/** Writes of every kind: batches, long histories with bodies small and large, deletions, and ids that come back. */
export const fill = async (place: Place, seed: number, rounds = 1): Promise<void> => {
  const random = createRandom(seed);
  const clock = manualClock();
  const base = await openContextbase({ url: place.url, key: place.key, components, clock });
  for (const tenant of tenants) {
    const view = base.as({ id: `${tenant} writer`, tenant });
    const things = view.store(Anything);
    const store = async (ids: readonly string[], bytes: number, write: string) => {
      clock.advance(random.below(1_000));
      const contexts = ids.map((id) => ({
        id,
        type: random.pick(["one", "two"]),
        content: { n: random.below(1_000), text: `${id} – "\u2028" `.repeat(Math.ceil(bytes / 10)) },
        metadata: { list: [null, 1e21, random.below(9)] },
        embeddings: random.below(2) ? [] : Array.from({ length: 4 }, () => random.below(100) / 7 + 1),
      }));
      await things.storeContexts(contexts, { write });
    };
    for (let round = 0; round < rounds; round++) {
      const many = Array.from({ length: 150 }, (_, n) => `${round} many ${n}`);
      await store(many, 20, `${round} first`);
      await store(["long", ...many.slice(0, 20)], 5_000, `${round} second`);
      for (let n = 0; n < 75; n++) await store(["long", "%_'"], 200 + n * 20, `${round} long ${n}`);
      await things.deleteContext("%_'", { write: `${round} deleted` });
      for (const id of many.slice(100, 120)) await things.deleteContext(id);
      await store([...many.slice(110, 115), "%_'"], 40_000, `${round} again`);
      await things.deleteContext(`${round} many 112`);
      await view.store(Customer).storeContext({ id: "c", type: "note", content: { text: `${round}` } });
    }
  }
  await base.close();
};

/** Everything that can be asked of a tenant. */
const readTenant = async (engine: Engine, view: ContextbaseView, tenant: string): Promise<unknown> => {
  const changes: Change[] = [];
  for (let page = await engine.changes(tenant, 0, 500); page.length > 0; ) {
    changes.push(...page);
    page = await engine.changes(tenant, changes.length, 500);
  }
  const lists: unknown[] = [];
  const contexts: unknown[] = [];
  for (const component of components) {
    const store = view.store(component);
    let cursor: string | undefined;
    do {
      const page = await store.listContexts({ limit: 1_000, cursor });
      lists.push(page.contexts.map(encodeContext));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    for (const id of new Set(
      changes.filter((one) => one.component === component.name).map((one) => one.id),
    )) {
      const { versions } = await store.history(id, { limit: 1_000 });
      contexts.push(id, versions);
      for (const { version, at } of versions) {
        const [there, then] = await Promise.all([
          store.retrieveContext(id, { version }),
          store.retrieveContext(id, { asOf: at }),
        ]);
        contexts.push(there && encodeContext(there), then && encodeContext(then));
      }
    }
  }
  const writes = [];
  for (const write of new Set(changes.map((change) => change.write)))
    writes.push(await view.findWrite(write));
  return { changes, lists, contexts, writes };
};

/** Everything that can be asked of a store, so that two of them can be compared. */
export const readAll = async (engine: Engine): Promise<Record<string, unknown>> => {
  const base = await openContextbase({ engine, components, cacheBytes: 0 });
  const all: Record<string, unknown> = {};
  for (const tenant of tenants) all[tenant] = await readTenant(engine, base.as({ id: "r", tenant }), tenant);
  return all;
};

export { key };
