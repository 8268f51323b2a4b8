import { expect } from "vitest";
import type { EngineUnderTest } from "../engine-under-test.ts";
import type { ModelWrite } from "./model.ts";
import { ids, type Operation, type Run, tenants, type Who } from "./operations.ts";
import { createReading } from "./reading.ts";
import { openSides, type Sides } from "./sides.ts";
import { createWriting } from "./writing.ts";

type Runs = { readonly [Name in Operation["do"]]: Run<Name> };

/** Does each operation on a new store and on the model, and compares; in the end everything is read again. */
export const compare = async (engine: EngineUnderTest, operations: readonly Operation[]): Promise<void> => {
  const data = await engine.create();
  try {
    const sides = await openSides(engine, data);
    try {
      const runs: Runs = {
        ...createWriting(sides),
        ...createReading(sides),
        tick: async ({ by }) => sides.clock.advance(by),
        reopen: sides.reopen,
      };
      for (const one of operations) await (runs[one.do] as (operation: Operation) => Promise<void>)(one);
      await compareAll(sides, runs);
      for (const tenant of tenants) await compareChanges(sides, tenant);
    } finally {
      await sides.close();
    }
  } finally {
    await data.remove();
  }
};

const compareAll = async ({ model, nameOf }: Sides, runs: Runs): Promise<void> => {
  for (const tenant of tenants) {
    for (const component of [0, 1] as const) {
      for (const id of ids) {
        const who: Who = { tenant, component, id, store: 1 };
        await runs.read({ do: "read", who });
        await runs.history({ do: "history", who, limit: 4 });
        const newest = model.history(tenant, nameOf(who), id)[0]?.version ?? 0;
        for (let version = 0; version <= newest; version++)
          await runs.version({ do: "version", who, version });
      }
      const who: Who = { tenant, component, id: "a", store: 0 };
      await runs.list({ do: "list", who, type: undefined, limit: 1 });
    }
  }
};

/** [C1] The change log is what a watch from its beginning gives, up to one last write. */
const compareChanges = async (sides: Sides, tenant: string): Promise<void> => {
  const { clock, model, actorOf, storeOf, viewOf } = sides;
  const who: Who = { tenant, component: 0, id: "last", store: 0 };
  const body = { type: "note", content: {}, embeddings: [], metadata: {} };
  await storeOf(who).storeContext({ id: who.id, ...body }, { write: who.id });
  const last: ModelWrite = { component: "One", id: who.id, body, version: undefined };
  model.commit(actorOf(who), [last], clock(), who.id);
  const real = [];
  for await (const { at, ...change } of viewOf({ ...who, store: 1 }).watch({ after: 0 })) {
    real.push({ ...change, at: at.getTime() });
    if (change.id === who.id) break;
  }
  const expected = model
    .changes(tenant)
    .map(({ position, operation, component, id, type, version, at, actor, write }) => ({
      position,
      operation,
      component,
      id,
      type,
      version,
      at,
      actor,
      write,
    }));
  expect(real).toEqual(expected);
};
