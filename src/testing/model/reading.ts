import { expect } from "vitest";
import { ids, type Run } from "./operations.ts";
import type { Sides } from "./sides.ts";
import { plain } from "./told.ts";

/** Asks both sides, and compares what they answer. */
export const createReading = ({ clock, model, nameOf, viewOf, storeOf }: Sides) => {
  /** Through each store twice: the second time it may come from its cache, which the other's writes make stale. */
  const read: Run<"read"> = async ({ who }) => {
    const { tenant, id } = who;
    const expected = model.read(tenant, nameOf(who), id);
    for (const store of [0, 1, 0, 1] as const) {
      expect(plain(await storeOf({ ...who, store }).retrieveContext(id))).toEqual(expected);
    }
    const all = await storeOf(who).retrieveContexts(ids);
    expect(all.map(plain)).toEqual(ids.map((one) => model.read(tenant, nameOf(who), one)));
  };

  const version: Run<"version"> = async ({ who, version: nth }) => {
    const version = nth + 1;
    const real = await storeOf(who).retrieveContext(who.id, { version });
    expect(plain(real)).toEqual(model.readVersion(who.tenant, nameOf(who), who.id, version));
  };

  const asOf: Run<"asOf"> = async ({ who, back, beside }) => {
    const versions = model.history(who.tenant, nameOf(who), who.id);
    const nth = beside && versions.at(beside.nth % (versions.length || 1));
    const at = nth ? nth.at + beside.by : clock() + 2_000 - back;
    const real = await storeOf(who).retrieveContext(who.id, { asOf: new Date(at) });
    expect(plain(real)).toEqual(model.readAsOf(who.tenant, nameOf(who), who.id, at, clock()));
  };

  const history: Run<"history"> = async ({ who, limit }) => {
    const real = [];
    let cursor: string | undefined;
    do {
      const page = await storeOf(who).history(who.id, { limit: limit + 1, cursor });
      expect(page.versions.length).toBeLessThanOrEqual(limit + 1);
      real.push(...page.versions.map((one) => ({ ...one, at: one.at.getTime() })));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const expected = model
      .history(who.tenant, nameOf(who), who.id)
      .map(({ version, at, actor, operation }) => {
        const parents = version > 1 ? [version - 1] : [];
        return { version, at, actor, operation, parents };
      });
    expect(real).toEqual(expected);
  };

  const list: Run<"list"> = async ({ who, type, limit }) => {
    const real = [];
    let cursor: string | undefined;
    do {
      const page = await storeOf(who).listContexts({ type, limit: limit + 1, cursor });
      expect(page.contexts.length).toBeLessThanOrEqual(limit + 1);
      real.push(...page.contexts.map(plain));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(real).toEqual(model.list(who.tenant, nameOf(who), type));
  };

  const findWrite: Run<"findWrite"> = async ({ who, write }) => {
    const real = await viewOf(who).findWrite(`write-${write}`);
    const expected = model.find(who.tenant, `write-${write}`);
    expect(real?.changes).toEqual(
      expected?.map(({ component, id, version, operation }) => ({ component, id, version, operation })),
    );
    expect(real?.at.getTime()).toBe(expected?.[0]?.at);
    expect(real?.actor).toBe(expected?.[0]?.actor);
  };

  return { read, version, asOf, history, list, findWrite };
};
