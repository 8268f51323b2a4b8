import { isObject, type Json, type JsonObject } from "../../src/base/json.ts";
import type { OrderBy, Where } from "../../src/model/where.ts";
import { hostileNames, randomValue } from "./filter-values.ts";
import type { Random } from "./random.ts";

const escapeName = (name: string): string => name.replaceAll(/[.\\]/g, "\\$&");

const contentNames: readonly string[] = ["a", "b", "n", "tags", "common", "long", ...hostileNames];
const bodyPaths: readonly string[] = [
  ...contentNames.map((name) => `content.${escapeName(name)}`),
  ...["content", "metadata", "content.missing", "content.a.a", "content.o", "content.o.a", "content.o.b"],
  ...["content.o.x\\.y", "metadata.a", "metadata.b.a", "metadata.x\\.y", "metadata.\\\\"],
];

/** What a component of generated contexts declares: some of the paths that filters ask for. */
export const declaredPaths: readonly string[] = [
  ...["content.a", "content.n", "content.tags", "content.common", "content.o.a", "content.", 'content.q"q'],
  ...[
    "content.x\\.y",
    "content.\\\\",
    "metadata.a",
    "metadata.x\\.y",
    "content.\u0001",
    "content.o",
    "content.long",
  ],
];

export type GeneratedContext = {
  readonly id: string;
  readonly type: string;
  readonly content: JsonObject;
  readonly metadata: JsonObject;
};

const some = (random: Random, names: readonly string[], most: number): JsonObject =>
  Object.fromEntries(
    Array.from({ length: random.below(most + 1) }, () => [random.pick(names), randomValue(random)]),
  );

export const randomContext = (random: Random, id: string): GeneratedContext => ({
  id,
  type: random.pick(["t", "t", "t", "ü'"]),
  content: {
    ...some(random, contentNames, 6),
    ...(random.below(8) > 0 && { common: "x" }),
    ...(random.below(3) > 0 && { n: random.below(40) }),
    ...(random.below(2) > 0 && { o: some(random, ["a", "b", "x.y"], 3) }),
  },
  metadata: some(random, ["a", "b", "x.y", "\\"], 3),
});

const times = (random: Random): string | Date =>
  random.pick<string | Date>([
    new Date(0),
    "2100-01-01",
    new Date("2099-12-31T23:59:59.999Z"),
    "1999-01-01T00:00:00+02:00",
  ]);

const order = ["$gt", "$gte", "$lt", "$lte"] as const;

const fieldCondition = (
  random: Random,
  ids: readonly string[],
): [path: string, condition: Json | Date | object] => {
  switch (random.below(6)) {
    case 0:
      return [
        "type",
        random.pick<Json | object>([
          "t",
          "ü'",
          "none",
          1,
          { $ne: "t" },
          { $in: ["t", null] },
          { $startsWith: "ü" },
        ]),
      ];
    case 1:
      return ["id", random.pick(ids)];
    case 2:
      return ["id", { $in: [random.pick(ids), random.pick(ids), random.pick(ids), "none", 5] }];
    case 3:
      return ["version", { [random.pick([...order, "$eq", "$ne"])]: random.pick([0, 1, 2, 1.5]) }];
    case 4:
      return ["id", { [random.pick([...order, "$startsWith"])]: random.pick(ids).slice(0, 2) }];
    default:
      return [random.pick(["createdAt", "updatedAt"]), { [random.pick(order)]: times(random) }];
  }
};

/** A value as it stands in a filter by itself: an object whose names look like operators needs to be told from them. */
const bare = (value: Json): Json | object => {
  const names = isObject(value) ? Object.keys(value) : [];
  return names.length > 0 && names.every((name) => name.startsWith("$")) ? { $eq: value } : value;
};

const bodyCondition = (random: Random): Json | object => {
  const value = (): Json => randomValue(random);
  switch (random.below(12)) {
    case 0:
    case 1:
      return bare(value());
    case 2:
      return { [random.pick(["$eq", "$ne"])]: value() };
    case 3:
    case 4:
    case 5:
      return { [random.pick(order)]: value() };
    case 6:
      return { [random.pick(order)]: value(), [random.pick(order)]: value() };
    case 7:
      return { [random.pick(["$in", "$nin"])]: Array.from({ length: random.below(5) }, value) };
    case 8:
      return { $exists: random.below(2) === 0 };
    case 9:
    case 10:
      return { $contains: value() };
    default: {
      const text = value();
      return {
        $startsWith:
          typeof text === "string" ? [...text].slice(0, random.pick([1, 2, 199, 200, 250])).join("") : "a",
      };
    }
  }
};

/** @param ids those of contexts, which filters ask for */
export const randomFilter = (random: Random, ids: readonly string[], depth = 0): Where => {
  const kind = random.below(depth > 2 ? 6 : 10);
  const below = (): Where => randomFilter(random, ids, depth + 1);
  const list = (): Where[] => Array.from({ length: random.below(4) }, below);
  if (kind < 5) return { [random.pick([...declaredPaths, ...bodyPaths])]: bodyCondition(random) } as Where;
  if (kind < 6) return Object.fromEntries([fieldCondition(random, ids)]) as Where;
  if (kind < 7) return { ...below(), ...below() };
  if (kind < 8) return { $and: list() };
  return kind < 9 ? { $or: list() } : { $not: below() };
};

/** An order of a list; undefined as often as not. */
export const randomOrder = (random: Random): OrderBy | undefined => {
  if (random.below(2) === 0) return undefined;
  const fields = ["id", "type", "version", "createdAt", "updatedAt"];
  const path = random.pick([...declaredPaths, ...declaredPaths, ...bodyPaths, ...fields]);
  return random.below(3) === 0 ? path : { [path]: random.pick(["asc", "desc"] as const) };
};
