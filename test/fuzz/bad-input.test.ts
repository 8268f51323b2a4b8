import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Engine } from "../../src/engine/engine.ts";
import { postgres } from "../../src/engine/postgres/index.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import {
  type Component,
  ContextbaseError,
  type ContextStore,
  defineComponent,
  errorTable,
  limits,
  openContextbase,
} from "../../src/index.ts";
import { key, temporaryFolder } from "../contract/engines.ts";
import { hasServer, newSchema, urlOf } from "../faults/postgres-schema.ts";
import {
  almostObject,
  hostileEmbeddings,
  hostileName,
  hostileValue,
  hostileVersion,
  largeText,
  type Make,
  oddValue,
  oneOf,
  recordOf,
  sound,
} from "./hostile.ts";
import {
  isEqual,
  isId,
  isName,
  isVersion,
  keptEmbeddings,
  keptObject,
  type Refused,
  refused,
} from "./rules.ts";
import { runsOf } from "./runs.ts";

const Free = defineComponent({ name: "Free", embeddings: { dimensions: 4 } });
const Strict = defineComponent({
  name: "Strict",
  types: {
    profile: z.object({ name: z.string(), plan: z.enum(["free", "pro"]).default("free") }),
    open: z.looseObject({ text: z.string() }),
  },
  metadata: z.object({ source: z.string() }).partial(),
});
const Plain = defineComponent({
  name: "Plain",
  types: {
    ticket: {
      type: "object",
      properties: { title: { type: "string" }, any: {} },
      required: ["title"],
      additionalProperties: false,
    },
  },
});

type Stored = {
  readonly type: string;
  readonly content: object;
  readonly metadata: object;
  readonly embeddings: readonly number[];
};
type Input = { readonly [field: string]: unknown };

const pick = (value: object, ...names: string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));

/** The rules of each component's own schemas, told in plain code. */
const fits: Record<
  string,
  (type: string, content: object, metadata: object) => Pick<Stored, "content" | "metadata"> | Refused
> = {
  Free: (_, content, metadata) => ({ content, metadata }),
  Strict: (type, content, metadata) => {
    const { name, plan = "free", text } = content as { name?: unknown; plan?: unknown; text?: unknown };
    const { source } = metadata as { source?: unknown };
    if (source !== undefined && typeof source !== "string") return refused;
    const kept = pick(metadata, "source");
    if (type === "open") return typeof text === "string" ? { content, metadata: kept } : refused;
    const fit = type === "profile" && typeof name === "string" && (plan === "free" || plan === "pro");
    return fit ? { content: { name, plan }, metadata: kept } : refused;
  },
  Plain: (type, content, metadata) => {
    const { title } = content as { title?: unknown };
    const fit =
      type === "ticket" && typeof title === "string" && isEqual(pick(content, "title", "any"), content);
    return fit ? { content, metadata } : refused;
  },
};

const dimensionsOf: Record<string, number> = { Free: 4, Strict: -1, Plain: -1 };

/** What is stored of an input, by the rules. Its id and version are looked at elsewhere. */
const keptOf = (component: string, input: Input): Stored | Refused => {
  const known = ["id", "type", "content", "embeddings", "metadata", "version", "createdAt", "updatedAt"];
  if (!Object.keys(input).every((field) => known.includes(field))) return refused;
  const { type } = input;
  const content = keptObject(input.content, limits.contentBytes);
  const metadata = keptObject(input.metadata === undefined ? {} : input.metadata, limits.metadataBytes);
  const embeddings = keptEmbeddings(input.embeddings, dimensionsOf[component] ?? 0);
  if (!isName(type) || content === refused || metadata === refused || embeddings === refused) return refused;
  const fit = fits[component]?.(type, content, metadata) ?? refused;
  return fit === refused ? refused : { type, embeddings, ...fit };
};

const free = recordOf(
  {
    id: hostileName,
    type: hostileName,
    content: almostObject,
    metadata: fc.oneof({ weight: 3, arbitrary: oneOf({}) }, { weight: 2, arbitrary: almostObject }),
    embeddings: hostileEmbeddings,
    version: hostileVersion,
    createdAt: hostileValue,
  },
  ["type", "content"],
);
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<Make> =>
  fc.oneof({ weight: 6, arbitrary: sound(arbitrary) }, { weight: 1, arbitrary: hostileValue });
const someText = fc.string({ unit: "grapheme" });
const strict = recordOf(
  {
    id: hostileName,
    type: fc.oneof({ weight: 8, arbitrary: oneOf("profile", "open") }, { weight: 1, arbitrary: hostileName }),
    content: fc.oneof(
      {
        weight: 50,
        arbitrary: recordOf(
          {
            name: mostly(someText),
            plan: mostly(fc.constantFrom("free", "pro", undefined)),
            text: mostly(someText),
            more: hostileValue,
          },
          ["name", "text"],
        ),
      },
      // One text alone: what a schema drops counts for nothing.
      { weight: 1, arbitrary: recordOf({ name: largeText }, ["name"]) },
      { weight: 1, arbitrary: recordOf({ text: largeText }, ["text"]) },
      { weight: 5, arbitrary: almostObject },
    ),
    metadata: recordOf({ source: mostly(someText), more: hostileValue }),
    version: hostileVersion,
  },
  ["type", "content"],
);
const ticket = recordOf(
  {
    id: hostileName,
    type: fc.oneof({ weight: 8, arbitrary: oneOf("ticket") }, { weight: 1, arbitrary: hostileName }),
    content: recordOf({ title: mostly(someText), any: hostileValue }, ["title"]),
    embeddings: fc.oneof(
      { weight: 8, arbitrary: oneOf(undefined, []) },
      { weight: 1, arbitrary: hostileEmbeddings },
    ),
    metadata: almostObject,
  },
  ["type", "content"],
);

const how = fc.constantFrom("storeContext", "storeContexts", "updateContext", "altered draft");
const attempt = fc.oneof(
  { weight: 3, arbitrary: fc.record({ component: fc.constant("Free"), input: free, how }) },
  { weight: 2, arbitrary: fc.record({ component: fc.constant("Strict"), input: strict, how }) },
  { weight: 1, arbitrary: fc.record({ component: fc.constant("Plain"), input: ticket, how }) },
);
const components: Record<string, Component> = { Free, Strict, Plain };

const existing: Record<string, Stored> = {
  Free: { type: "t", content: { n: 1 }, metadata: {}, embeddings: [] },
  Strict: { type: "profile", content: { name: "Ada", plan: "pro" }, metadata: {}, embeddings: [] },
  Plain: { type: "ticket", content: { title: "One" }, metadata: {}, embeddings: [] },
};

const expectNamed = (cause: unknown): void => {
  if (!(cause instanceof ContextbaseError))
    throw new Error("It threw what is no ContextbaseError.", { cause });
  expect(Object.keys(errorTable)).toContain(cause.code);
  expect(cause.code).not.toBe("internal");
  // An error that repeats megabytes of what it was given fills logs.
  expect(cause.message.length).toBeLessThan(2_000);
};

type Place = { readonly name: string; readonly runs: number; readonly create: () => Promise<Engine> };

const inMemory = async (): Promise<Engine> => sqlite({ path: ":memory:", key: undefined });
const onServer = async (): Promise<Engine> => postgres({ url: urlOf("app"), schema: await newSchema() });

describe("hostile contexts", () => {
  const cases: Place[] = [
    {
      name: "in an encrypted file",
      runs: runsOf(3_000),
      create: async () => sqlite({ path: join(temporaryFolder(), "store.db"), key }),
    },
    { name: "in memory", runs: runsOf(7_000), create: inMemory },
    ...(hasServer ? [{ name: "on a PostgreSQL server", runs: runsOf(1_000), create: onServer }] : []),
  ];

  it.for(cases)(
    "[S2] $runs are each stored and read back equal, or refused by name, $name",
    { timeout: 600_000 },
    async ({ runs, create }) => {
      const engine = await create();
      await using base = await openContextbase({ engine, components: [Free, Strict, Plain] });
      let position = 0;
      let made = 0;
      const counts = { stored: 0, refused: 0 };
      /** The changes since last asked; of a refused write there is none. */
      const news = async () => {
        const changes = await engine.changes("default", position, 10);
        position += changes.length;
        return changes;
      };

      const tryOne = async (component: Component, input: Input, how: string): Promise<void> => {
        const store: ContextStore<Component> = base.store(component);
        const sound = existing[component.name];
        if (!sound) throw new Error("no sound context");
        const updating = how === "updateContext" || how === "altered draft";
        const updated = `updated ${++made}`;
        if (updating) await store.storeContext({ id: updated, ...sound } as never);
        await news();

        const id = updating ? updated : input.id;
        const idFits = updating || input.id === undefined || isId(input.id);
        const current =
          idFits && typeof id === "string"
            ? ((await store.history(id, { limit: 1 })).versions[0]?.version ?? 0)
            : 0;
        const { version } = input;
        const versionFits =
          updating || version === undefined || (isVersion(version) && version === current + 1);
        const kept = keptOf(component.name, input);
        const expected = idFits && versionFits ? kept : refused;

        const siblings = [0, 1].map((n) => ({ id: `sibling ${made} ${n}`, ...sound }));
        const act = async () => {
          switch (how) {
            case "storeContext":
              return [await store.storeContext(input as never)];
            case "storeContexts":
              return await store.storeContexts([siblings[0], input, siblings[1]] as never);
            case "updateContext":
              return [await store.updateContext(updated, () => input as never)];
            default:
              return [
                await store.updateContext(updated, (draft) => {
                  const { type, content, metadata, embeddings } = input;
                  Object.assign(draft, { type, content, metadata, embeddings });
                }),
              ];
          }
        };
        let stored: Awaited<ReturnType<typeof act>>;
        try {
          stored = await act();
        } catch (cause) {
          expectNamed(cause);
          expect(await news()).toEqual([]);
          if (expected !== refused) throw new Error("It refused what the rules let through.", { cause });
          counts.refused++;
          return;
        }
        if (expected === refused) throw new Error("It stored what the rules refuse.");
        counts.stored++;
        const changes = await news();
        expect(changes).toHaveLength(stored.length);
        const [context] = stored.slice(how === "storeContexts" ? 1 : 0);
        if (!context) throw new Error("nothing came back");
        if (typeof id === "string") expect(context.id).toBe(id);
        expect(context.version).toBe(current + 1);
        const read = await store.retrieveContext(context.id);
        for (const one of [context, read]) {
          const { type, content, metadata, embeddings } = one ?? {};
          const seen = { type, content, metadata, embeddings: embeddings && Array.from(embeddings) };
          const wanted = {
            type: expected.type,
            content: expected.content,
            metadata: expected.metadata,
            embeddings: expected.embeddings,
          };
          if (!isEqual(seen, wanted)) expect(seen).toEqual(wanted);
          expect(isEqual(seen, wanted)).toBe(true);
        }
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      };

      const property = fc.asyncProperty(attempt, ({ component, input, how }) =>
        tryOne(components[component] ?? Free, input(), how),
      );
      await fc.assert(property, { numRuns: runs, includeErrorInReport: true });
      expect(counts.stored).toBeGreaterThan(runs / 6);
      expect(counts.refused).toBeGreaterThan(runs / 6);
    },
  );
});

describe("hostile arguments", () => {
  const cases: Place[] = [
    { name: "in memory", runs: runsOf(5_000), create: inMemory },
    ...(hasServer ? [{ name: "on a PostgreSQL server", runs: runsOf(1_000), create: onServer }] : []),
  ];

  it.for(cases)(
    "[S2] whatever is given in place of an argument is refused by name, or answered, $name",
    {
      timeout: 120_000,
    },
    async ({ runs, create }) => {
      await using base = await openContextbase({ engine: await create(), components: [Free] });
      const store = base.store(Free);
      await store.storeContext({ id: "a", type: "t", content: {} });
      const option = fc.oneof({ weight: 1, arbitrary: oneOf(undefined) }, { weight: 3, arbitrary: oddValue });
      const names = ["version", "asOf", "limit", "cursor", "type", "write", "attempts", "signal"];
      const options = fc.oneof(
        { weight: 5, arbitrary: recordOf(Object.fromEntries(names.map((name) => [name, option]))) },
        { weight: 1, arbitrary: oddValue },
      );
      const calls: Record<string, (id: never, options: never) => Promise<unknown>> = {
        storeContext: (id, options) => store.storeContext({ id, type: "t", content: {} }, options),
        storeContextOf: (whole, options) => store.storeContext(whole, options),
        storeContexts: (many, options) => store.storeContexts(many, options),
        retrieveContext: (id, options) => store.retrieveContext(id, options),
        retrieveContexts: (many, options) => store.retrieveContexts(many, options),
        getContext: (id, options) => store.getContext(id, options),
        updateContext: (id, options) => store.updateContext(id, () => undefined, options),
        updateContextBy: (change, options) => store.updateContext("a", change, options),
        updateContextTo: (changed, options) => store.updateContext("a", () => changed, options),
        deleteContext: (id, options) => store.deleteContext(id, options),
        history: (id, options) => store.history(id, options),
        listContexts: (_, options) => store.listContexts(options),
        findWrite: (write) => base.findWrite(write),
        as: async (id, options) => base.as({ id, ...(options as object) }),
        asWhole: async (principal) => base.as(principal),
      };
      const argument = fc.oneof({ weight: 1, arbitrary: oneOf("a") }, { weight: 2, arbitrary: oddValue });
      const property = fc.asyncProperty(
        fc.constantFrom(...Object.keys(calls)),
        argument,
        options,
        async (name, makeFirst, makeSecond) => {
          try {
            await calls[name]?.(makeFirst() as never, makeSecond() as never);
          } catch (cause) {
            expectNamed(cause);
          }
        },
      );
      await fc.assert(property, { numRuns: runs, includeErrorInReport: true });
    },
  );

  it("[S2] a text that stands in a thousand places is measured before it is written out", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Free] });
    const text = "x".repeat(1_000_000);
    const content = { texts: Array.from({ length: 1_000 }, () => text) };
    await expect(base.store(Free).storeContext({ type: "t", content })).rejects.toMatchObject({
      code: "too_large",
    });
  });

  it("[S2] an object that holds another twice, and that one another twice, is measured while it is copied", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Free] });
    let content: { [name: string]: unknown } = { text: "x".repeat(1_000) };
    for (let level = 0; level < 22; level++) content = { left: content, right: content };
    const promise = base.store(Free).storeContext({ type: "t", content: content as never });
    await expect(promise).rejects.toMatchObject({ code: "too_large" });
  });
});
