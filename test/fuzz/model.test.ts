import { join } from "node:path";
import {
  type Context,
  type Contextbase,
  ContextbaseError,
  type ContextbaseView,
  defineComponent,
  type JsonObject,
  openContextbase,
  VersionConflictError,
} from "contextbase";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { key, manualClock, temporaryFolder } from "../contract/engines.ts";
import { createModel, type ModelContext, type ModelOutcome, type ModelWrite } from "../model.ts";

const One = defineComponent({ name: "One", embeddings: { dimensions: 2 } });
const Two = defineComponent({ name: "Two", embeddings: { dimensions: 2 } });
const components = [One, Two];

const tenants = ["default", "left", "right%"];
const ids = ["a", "b", "__proto__", "a/b%_'\\\"", "é\u{1F600}\uFEFF"];
const types = ["note", "plan"];

// What operations are made of.
const number = (below: number) => fc.nat({ max: below - 1 });
const who = fc.record({
  // Mostly the same few, so that operations meet.
  tenant: fc.constantFrom("default", "default", "default", ...tenants),
  component: fc.constantFrom(0, 0, 0, 1),
  id: fc.constantFrom("a", "a", "a", "b", ...ids),
  /** Which of the two stores that have the file open. */
  store: fc.constantFrom(0, 1),
});
const json: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ n: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc
      .dictionary(fc.string({ unit: "grapheme", maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), {
        maxKeys: 4,
      })
      .filter((value) => !JSON.stringify(value).includes("__proto__"))
      .filter((value) => !JSON.stringify(value).includes("\\u0000"))
      .map((value) => JSON.parse(JSON.stringify(value))),
  },
  // Around the sizes where bodies of old versions are kept another way.
  {
    weight: 1,
    arbitrary: fc.record({
      text: fc.constantFrom(200, 14_000, 16_000, 31_000, 90_000).map((n) => "long ".repeat(n / 5)),
      n: fc.nat(3),
    }),
  },
);
const body = fc.record({
  type: fc.constantFrom(...types),
  content: json,
  embeddings: fc.constantFrom<number[]>([], [1, 0.5], [0.25, -3]),
  metadata: json,
});
/** A version to name: none, or the current one plus this. */
const named = fc.option(fc.constantFrom(-1, 0, 1, 1, 1, 2), { nil: undefined });
/** A write id to give: none, or one of a few, so that some are used again. */
const write = fc.option(number(12), { nil: undefined });

const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("store" as const), who, body, named, write }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("again" as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("batch" as const),
      who,
      items: fc.uniqueArray(fc.record({ id: fc.constantFrom(...ids), body, named }), {
        selector: ({ id }) => id,
        minLength: 1,
      }),
      write,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), who, named, write }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("update" as const), who, body, write }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("burst" as const), who, body, count: number(40) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("read" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("version" as const), who, version: number(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("asOf" as const),
      who,
      back: number(20_000),
      /** Rather than a time: how far from the time of the nth version. */
      beside: fc.option(fc.record({ nth: number(8), by: fc.constantFrom(-1, 0, 1) }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("history" as const), who, limit: number(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("list" as const),
      who,
      type: fc.option(fc.constantFrom(...types), { nil: undefined }),
      limit: number(4),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("findWrite" as const), who, write: number(12) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("tick" as const), by: fc.integer({ min: -8_000, max: 9_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);

const plain = (context: Context | undefined): ModelContext | undefined =>
  context && {
    id: context.id,
    type: context.type,
    content: context.content,
    embeddings: Array.from(context.embeddings),
    metadata: context.metadata,
    createdAt: context.createdAt.getTime(),
    updatedAt: context.updatedAt.getTime(),
    version: context.version,
  };

/** What a call came to, told as the model tells it. */
const outcomeOf = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof VersionConflictError) {
      return { conflict: cause.id, attempted: cause.attempted, current: cause.current };
    }
    if (cause instanceof ContextbaseError) return cause.code;
    throw cause;
  }
};

const runBoth = async (operations: readonly Operation[], path: string, withKey: Uint8Array | undefined) => {
  const clock = manualClock();
  const model = createModel();
  let made = 0;
  const shared = path === ":memory:";
  const open = (): Promise<Contextbase> =>
    openContextbase({
      url: shared ? path : `file:${path}`,
      key: withKey,
      components,
      clock,
      newId: () => `made-${++made}`,
    });
  let bases = shared ? [await open()] : [await open(), await open()];

  const viewOf = ({ store, tenant }: Who): ContextbaseView =>
    (bases[store] ?? (bases[0] as Contextbase)).as({ id: `actor of ${tenant}`, tenant });
  const storeOf = (who: Who) => viewOf(who).store(components[who.component] ?? One);
  const nameOf = (who: Who): string => (components[who.component] ?? One).name;

  /** The model's answer to a write, as `outcomeOf` tells it. */
  const tell = (outcome: ModelOutcome, absent: unknown, one: boolean, deletion = false): unknown => {
    switch (outcome.status) {
      case "conflict":
        return { conflict: outcome.id, attempted: outcome.attempted, current: outcome.current };
      case "reused":
        return "write_reused";
      case "absent":
        return absent;
      default: {
        if (deletion) return true;
        const contexts = outcome.changes.map(model.toContext);
        return one ? contexts[0] : contexts;
      }
    }
  };
  const versionFor = (who: Who, id: string, offset: number | undefined): number | undefined => {
    const current = model.history(who.tenant, nameOf(who), id)[0]?.version ?? 0;
    const version = offset === undefined ? undefined : current + offset;
    return version !== undefined && version < 1 ? 1 : version;
  };
  /** The id that the store will make for a write that is given none. */
  const writeId = (given: number | undefined): { options: { write?: string }; id: string } =>
    given === undefined
      ? { options: {}, id: `made-${made + 1}` }
      : { options: { write: `write-${given}` }, id: `write-${given}` };
  const actorOf = ({ tenant }: Who) => ({ tenant, actor: `actor of ${tenant}` });

  const storeBoth = async (who: Who, body: Body, version: number | undefined, given: number | undefined) => {
    const { options, id: write } = writeId(given);
    const { id } = who;
    const real = await outcomeOf(async () =>
      plain(await storeOf(who).storeContext({ id, ...body, version }, options)),
    );
    const one: ModelWrite = { component: nameOf(who), id, body, version };
    expect(real).toEqual(tell(model.commit(actorOf(who), [one], clock(), write), undefined, true));
  };

  const run: { [Name in Operation["do"]]: (operation: Extract<Operation, { do: Name }>) => Promise<void> } = {
    store: ({ who, body, named, write }) => storeBoth(who, body, versionFor(who, who.id, named), write),
    again: async ({ who }) => {
      // What was read can be stored again, and is then the next version.
      const read = await storeOf(who).retrieveContext(who.id);
      if (!read) return;
      const body = {
        type: read.type,
        content: read.content,
        embeddings: Array.from(read.embeddings),
        metadata: read.metadata,
      };
      await storeBoth(who, body, read.version + 1, undefined);
    },
    batch: async ({ who, items, write: given }) => {
      const { options, id: write } = writeId(given);
      const versioned = items.map(({ id, body, named }) => ({
        id,
        body,
        version: versionFor(who, id, named),
      }));
      const real = await outcomeOf(async () => {
        const inputs = versioned.map(({ id, body, version }) => ({ id, ...body, version }));
        return (await storeOf(who).storeContexts(inputs, options)).map(plain);
      });
      const writes = versioned.map((one): ModelWrite => ({ component: nameOf(who), ...one }));
      expect(real).toEqual(tell(model.commit(actorOf(who), writes, clock(), write), undefined, false));
    },
    delete: async ({ who, named, write: given }) => {
      const version = versionFor(who, who.id, named);
      const { options, id: write } = writeId(given);
      const real = await outcomeOf(() => storeOf(who).deleteContext(who.id, { ...options, version }));
      const one: ModelWrite = { component: nameOf(who), id: who.id, body: undefined, version };
      expect(real).toEqual(tell(model.commit(actorOf(who), [one], clock(), write), false, true, true));
    },
    update: async ({ who, body, write: given }) => {
      const { tenant, id } = who;
      const current = model.read(tenant, nameOf(who), id);
      const { options, id: write } = writeId(given);
      // [C2] What an update under a used write id gives is compared by the contract tests, not here.
      if (model.find(tenant, write)) return;
      const real = await outcomeOf(async () =>
        plain(await storeOf(who).updateContext(id, () => ({ id, ...body }), options)),
      );
      if (!current) return expect(real).toBe("context_not_found");
      const one: ModelWrite = { component: nameOf(who), id, body, version: current.version + 1 };
      expect(real).toEqual(tell(model.commit(actorOf(who), [one], clock(), write), undefined, true));
    },
    burst: async ({ who, body, count }) => {
      for (let n = 0; n < count; n++)
        await storeBoth(who, { ...body, metadata: { n } }, undefined, undefined);
    },
    read: async ({ who }) => {
      const { tenant, id } = who;
      const expected = model.read(tenant, nameOf(who), id);
      expect(plain(await storeOf(who).retrieveContext(id))).toEqual(expected);
      expect(plain(await storeOf(who).retrieveContext(id))).toEqual(expected);
      const all = await storeOf(who).retrieveContexts(ids);
      expect(all.map(plain)).toEqual(ids.map((one) => model.read(tenant, nameOf(who), one)));
    },
    version: async ({ who, version: nth }) => {
      const version = nth + 1;
      const real = await storeOf(who).retrieveContext(who.id, { version });
      expect(plain(real)).toEqual(model.readVersion(who.tenant, nameOf(who), who.id, version));
    },
    asOf: async ({ who, back, beside }) => {
      const versions = model.history(who.tenant, nameOf(who), who.id);
      const nth = beside && versions.at(beside.nth % (versions.length || 1));
      const at = nth ? nth.at + beside.by : clock() + 2_000 - back;
      const real = await storeOf(who).retrieveContext(who.id, { asOf: new Date(at) });
      expect(plain(real)).toEqual(model.readAsOf(who.tenant, nameOf(who), who.id, at, clock()));
    },
    history: async ({ who, limit }) => {
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
        .map(({ version, at, actor, operation }) => ({ version, at, actor, operation }));
      expect(real).toEqual(expected);
    },
    list: async ({ who, type, limit }) => {
      const real = [];
      let cursor: string | undefined;
      do {
        const page = await storeOf(who).listContexts({ type, limit: limit + 1, cursor });
        expect(page.contexts.length).toBeLessThanOrEqual(limit + 1);
        real.push(...page.contexts.map(plain));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(real).toEqual(model.list(who.tenant, nameOf(who), type));
    },
    findWrite: async ({ who, write }) => {
      const real = await viewOf(who).findWrite(`write-${write}`);
      const expected = model.find(who.tenant, `write-${write}`);
      expect(real?.changes).toEqual(
        expected?.map(({ component, id, version, operation }) => ({ component, id, version, operation })),
      );
      expect(real?.at.getTime()).toBe(expected?.[0]?.at);
      expect(real?.actor).toBe(expected?.[0]?.actor);
    },
    tick: async ({ by }) => clock.advance(by),
    reopen: async () => {
      if (shared) return;
      await Promise.all(bases.map((base) => base.close()));
      bases = [await open(), await open()];
    },
  };

  try {
    for (const one of operations) await (run[one.do] as (operation: Operation) => Promise<void>)(one);
    // In the end everything is read again.
    for (const tenant of tenants) {
      for (const component of [0, 1] as const) {
        for (const id of ids) {
          const who: Who = { tenant, component, id, store: 1 };
          await run.history({ do: "history", who, limit: 4 });
          const newest = model.history(tenant, nameOf(who), id)[0]?.version ?? 0;
          for (let version = 0; version <= newest; version++)
            await run.version({ do: "version", who, version });
        }
        await run.list({
          do: "list",
          who: { tenant, component, id: "a", store: 0 },
          type: undefined,
          limit: 1,
        });
      }
    }
  } finally {
    await Promise.all(bases.map((base) => base.close()));
  }
  if (!shared) await compareChanges(path, withKey, model);
};

/** [C1] The change log, which the store has no call for yet, is asked from the engine. */
const compareChanges = async (
  path: string,
  withKey: Uint8Array | undefined,
  model: ReturnType<typeof createModel>,
) => {
  const engine = sqlite({ path, key: withKey });
  try {
    for (const tenant of tenants) {
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
      expect(await engine.changes(tenant, 0, 100_000)).toEqual(expected);
    }
  } finally {
    await engine.close();
  }
};

type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;
type Who = typeof who extends fc.Arbitrary<infer Value> ? Value : never;
type Body = typeof body extends fc.Arbitrary<infer Value> ? Value : never;

/** A campaign sets more. */
const runs = Number(process.env.MODEL_RUNS ?? 25);

describe("random operations give what a plain model gives", () => {
  const cases = [
    { name: "in an encrypted file that two stores have open", file: true, withKey: key },
    { name: "in a plain file that two stores have open", file: true, withKey: undefined },
    { name: "in memory", file: false, withKey: undefined },
  ];

  it.for(cases)(
    "[V1, V2, V3, V4, V5, V6, V7, S4, S5, S6, Q2, C1, C2] $name",
    { timeout: 900_000 },
    async ({ file, withKey }) => {
      let count = 0;
      const folder = temporaryFolder();
      const property = fc.asyncProperty(
        fc.array(operation, { minLength: 20, maxLength: 120, size: "max" }),
        (operations) => runBoth(operations, file ? join(folder, `store-${++count}.db`) : ":memory:", withKey),
      );
      await fc.assert(property, { numRuns: runs });
    },
  );
});
