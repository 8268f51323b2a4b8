import { isDeepStrictEqual } from "node:util";
import type { Context, Contextbase, ContextStore, JsonObject } from "../../src/index.ts";
import { defineComponent } from "../../src/index.ts";
import {
  type AsOfModel,
  createAsOfModel,
  inOrder,
  type ModelBody,
  type ModelWrite,
  modelFilters,
  modelOrders,
  type Stood,
} from "./as-of-model.ts";
import type { Random } from "./random.ts";

/** Some of what it filters and orders by is kept apart, some is not. */
export const Thing = defineComponent({
  name: "Thing",
  indexes: ["content.n", "metadata.list"],
  searchText: ["content.text"],
  embeddings: { dimensions: 2 },
});

type Store = ContextStore<typeof Thing>;
type Clock = { (): number; readonly advance: (milliseconds: number) => void };
type Side = { readonly tenant: string; readonly store: Store; readonly model: AsOfModel };

const tenants = ["default", "left", "right%"];
const ids = ["__proto__", "a/b%_'\\\"", ...Array.from({ length: 48 }, (_, at) => `c${at}`)];
const tags = ["red", "blue", "black", "green"];
const words = ["apple", "stone", "river"];

const bodyOf = (random: Random): ModelBody => {
  const content: JsonObject = {
    text: `${random.pick(words)} ${random.pick(words)}`,
    ...(random.below(5) > 0 && { n: random.pick([0, 1, 2, 3, 4, 5, "3", "x", null, true]) }),
    ...(random.below(3) > 0 && { tag: random.pick(tags) }),
    // Around the sizes where bodies of old versions are kept another way.
    ...(random.below(40) === 0 && { long: "long ".repeat(random.pick([100, 3_000, 7_000])) }),
  };
  const metadata: JsonObject = {
    size: random.below(4),
    ...(random.below(2) > 0 && { list: [random.below(3), 2] }),
  };
  return { type: random.pick(["note", "plan"]), content, metadata, embeddings: random.pick([[], [1, 0.5]]) };
};

const plain = (context: Context | undefined): Stood | undefined =>
  context && {
    id: context.id,
    type: context.type,
    content: context.content,
    metadata: context.metadata,
    embeddings: Array.from(context.embeddings),
    createdAt: context.createdAt.getTime(),
    updatedAt: context.updatedAt.getTime(),
    version: context.version,
  };

/** Random writes and reads of one store, compared with the model. Each gives what was wrong; undefined: nothing. */
export const createAsOfCheck = (base: Contextbase, clock: Clock, random: Random) => {
  const sides = tenants.map((tenant): Side => {
    return { tenant, store: base.as({ id: "campaign", tenant }).store(Thing), model: createAsOfModel() };
  });
  const begun = clock();

  const compare = (what: string, real: unknown, expected: unknown): string | undefined =>
    isDeepStrictEqual(real, expected)
      ? undefined
      : `${what}: ${JSON.stringify(real)?.slice(0, 400)} instead of ${JSON.stringify(expected)?.slice(0, 400)}`;

  const write = async ({ store, model }: Side): Promise<string | undefined> => {
    const id = random.pick(ids);
    const one = async (writes: readonly ModelWrite[], real: () => Promise<readonly number[]>) =>
      compare("versions", await real(), model.commit(writes, clock()));
    switch (random.below(10)) {
      case 0:
      case 1: {
        const deleted = await store.deleteContext(id);
        return compare(
          `deletion of ${id}`,
          deleted,
          model.commit([{ id, body: undefined }], clock()) !== undefined,
        );
      }
      case 2:
      case 3: {
        const chosen = new Set(Array.from({ length: 2 + random.below(6) }, () => random.pick(ids)));
        const writes = [...chosen].map((each) => ({ id: each, body: bodyOf(random) }));
        const inputs = writes.map(({ id: each, body }) => ({
          id: each,
          ...body,
          embeddings: [...body.embeddings],
        }));
        return one(writes, async () => (await store.storeContexts(inputs)).map(({ version }) => version));
      }
      case 4: {
        const earlier = model.versionsOf(id).filter(({ body }) => body !== undefined);
        if (earlier.length === 0) return undefined;
        const { version, body } = random.pick(earlier);
        return one([{ id, body }], async () => [(await store.revertContext(id, version)).version]);
      }
      default: {
        const body = bodyOf(random);
        const input = { id, ...body, embeddings: [...body.embeddings] };
        return one([{ id, body }], async () => [(await store.storeContext(input)).version]);
      }
    }
  };

  /** Anywhere from before the first write to after now; mostly at, just before or just after a write. */
  const timeFor = ({ model }: Side): number => {
    const versions = model.versionsOf(random.pick(ids));
    if (versions.length > 0 && random.below(3) > 0) return random.pick(versions).at + random.below(3) - 1;
    return begun - 1_000 + random.below(clock() - begun + 3_000);
  };

  const list = async ({ store }: Side, at: number, stood: readonly Stood[]): Promise<string | undefined> => {
    const { where, fits } = random.pick(modelFilters);
    const type = random.below(3) === 0 ? "note" : undefined;
    const path = random.below(7) === 0 ? undefined : random.pick(Object.keys(modelOrders));
    const descending = random.below(2) > 0;
    const fitting = stood.filter((one) => fits(one) && (type === undefined || one.type === type));
    const orderBy = path === undefined ? undefined : ({ [path]: descending ? "desc" : "asc" } as const);
    const options = { type, where, orderBy, limit: 1 + random.below(30), asOf: new Date(at) };
    const real: (Stood | undefined)[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await store.listContexts({ ...options, cursor });
      real.push(...page.contexts.map(plain));
      cursor = page.nextCursor;
    }
    const expected = path === undefined ? fitting : inOrder(fitting, path, descending);
    const count = await store.countContexts({ type, where, asOf: options.asOf });
    return (
      compare(`list ${JSON.stringify(options)}`, real, expected) ??
      compare(`count ${JSON.stringify(options)}`, count, fitting.length)
    );
  };

  const read = async (side: Side): Promise<string | undefined> => {
    const { store, model } = side;
    const at = timeFor(side);
    const asOf = new Date(at);
    const stood = model.stood(at, clock());
    const id = random.pick(ids);
    switch (random.below(6)) {
      case 0: {
        const real = plain(await store.retrieveContext(id, { asOf }));
        return compare(
          `${id} as of ${at}`,
          real,
          stood.find((one) => one.id === id),
        );
      }
      case 1: {
        const real = (await store.retrieveContexts(ids, { asOf })).map(plain);
        return compare(
          `all as of ${at}`,
          real,
          ids.map((each) => stood.find((one) => one.id === each)),
        );
      }
      case 2: {
        const { versions } = await store.history(id, { asOf, limit: 1_000 });
        const kept = model.versionsOf(id).filter((one) => at >= clock() || one.at <= at);
        return compare(
          `history of ${id}`,
          versions.map(({ version }) => version),
          kept.map(({ version }) => version).reverse(),
        );
      }
      case 3: {
        const text = random.pick(words);
        const hits = await store.searchContexts({ text, asOf, limit: 1_000 });
        const expected = stood.filter(({ content }) => String(content.text).includes(text));
        const sort = (list: readonly (string | undefined)[]) => list.toSorted();
        return compare(
          `search for ${text} as of ${at}`,
          sort(hits.map(({ context }) => `${context.id} ${context.version}`)),
          sort(expected.map((one) => `${one.id} ${one.version}`)),
        );
      }
      default:
        return list(side, at, stood);
    }
  };

  /** One operation: a write, or a read at a random time. */
  return async (): Promise<string | undefined> => {
    const side = random.pick(sides);
    if (random.below(3) === 0) clock.advance(random.pick([0, 1, 700, 3_000, 9_000, -2_000]));
    const problem = random.below(2) === 0 ? await write(side) : await read(side);
    return problem && `tenant ${side.tenant}: ${problem}`;
  };
};
