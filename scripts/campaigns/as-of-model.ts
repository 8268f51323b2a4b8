import type { JsonObject, Where } from "../../src/index.ts";

/** A context as the model has it. */
export type Stood = {
  readonly id: string;
  readonly type: string;
  readonly content: JsonObject;
  readonly metadata: JsonObject;
  readonly embeddings: readonly number[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
};

export type ModelBody = Pick<Stood, "type" | "content" | "metadata" | "embeddings">;
/** Undefined: a deletion. */
export type ModelWrite = { readonly id: string; readonly body: ModelBody | undefined };
type Version = { readonly version: number; readonly at: number; readonly body: ModelBody | undefined };
type Kept = { readonly id: string; readonly versions: Version[] };

/**
 * Keeps every version of everything, in the order of first writes, and looks through all of it for each question.
 * Nothing here comes from the store.
 */
export const createAsOfModel = () => {
  const contexts: Kept[] = [];

  const versionsOf = (id: string): Version[] => contexts.find((kept) => kept.id === id)?.versions ?? [];

  /** @returns the versions that it made; undefined where it deletes what is not there */
  const commit = (writes: readonly ModelWrite[], now: number): readonly number[] | undefined => {
    if (writes.some(({ id, body }) => !body && !versionsOf(id).at(-1)?.body)) return undefined;
    const at = writes.reduce(
      (time, { id }) => Math.max(time, (versionsOf(id).at(-1)?.at ?? time - 1) + 1),
      now,
    );
    return writes.map(({ id, body }) => {
      const kept = contexts.find((one) => one.id === id) ?? { id, versions: [] };
      if (kept.versions.length === 0) contexts.push(kept);
      return kept.versions.push({ version: kept.versions.length + 1, at, body });
    });
  };

  const toStood = ({ id, versions }: Kept, found: Version | undefined): Stood[] =>
    found?.body === undefined
      ? []
      : [{ id, ...found.body, createdAt: versions[0]?.at ?? 0, updatedAt: found.at, version: found.version }];

  return {
    commit,
    versionsOf,
    /** What stood at a time, newest first by when an id was first written. At or after now: what is current. */
    stood: (at: number, now: number): Stood[] =>
      contexts
        .flatMap((kept) =>
          toStood(kept, at >= now ? kept.versions.at(-1) : kept.versions.findLast((one) => one.at <= at)),
        )
        .reverse(),
  };
};

export type AsOfModel = ReturnType<typeof createAsOfModel>;

/** A filter, and what it says in plain words. */
export type ModelFilter = { readonly where: Where; readonly fits: (stood: Stood) => boolean };

const isAbove = (value: unknown, least: number): boolean => typeof value === "number" && value >= least;

export const modelFilters: readonly ModelFilter[] = [
  { where: {}, fits: () => true },
  { where: { "content.n": { $gte: 3 } }, fits: ({ content }) => isAbove(content.n, 3) },
  { where: { "content.tag": "red" }, fits: ({ content }) => content.tag === "red" },
  { where: { $not: { "content.tag": "red" } }, fits: ({ content }) => content.tag !== "red" },
  { where: { version: { $gt: 2 } }, fits: ({ version }) => version > 2 },
  {
    where: { type: "plan", "content.n": { $exists: true } },
    fits: ({ type, content }) => type === "plan" && "n" in content,
  },
  {
    where: { id: { $in: ["c1", "c7", "c30", "__proto__"] } },
    fits: ({ id }) => ["c1", "c7", "c30", "__proto__"].includes(id),
  },
  {
    where: { $or: [{ "metadata.list": { $contains: 2 } }, { "content.tag": { $startsWith: "b" } }] },
    fits: ({ metadata, content }) =>
      (Array.isArray(metadata.list) && metadata.list.includes(2)) ||
      String(content.tag ?? "").startsWith("b"),
  },
];

const rankOf = (value: unknown): number => {
  if (value === undefined) return 0;
  if (value === null) return 1;
  return ["boolean", "number", "string"].indexOf(typeof value) + 2;
};

const compareValues = (a: unknown, b: unknown): number => {
  const difference = rankOf(a) - rankOf(b);
  if (difference !== 0 || a === b) return difference;
  return (a as string) < (b as string) ? -1 : 1;
};

/** Orders of lists, by what they look at. */
export const modelOrders: Readonly<Record<string, (stood: Stood) => unknown>> = {
  "content.n": ({ content }) => content.n,
  "metadata.size": ({ metadata }) => metadata.size,
  id: ({ id }) => id,
  type: ({ type }) => type,
  updatedAt: ({ updatedAt }) => updatedAt,
  version: ({ version }) => version,
};

/** In an order; ties by when an id was first written, in the same direction. @param stood newest first */
export const inOrder = (stood: readonly Stood[], path: string, descending: boolean): Stood[] => {
  const look = modelOrders[path] ?? (() => undefined);
  const ascending = stood.toReversed().sort((a, b) => compareValues(look(a), look(b)));
  return descending ? ascending.reverse() : ascending;
};
