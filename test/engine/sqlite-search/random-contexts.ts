import type { Random } from "../../../scripts/campaigns/random.ts";
import { parsePath } from "../../../src/model/path.ts";
import type { Filter } from "../../../src/search/filter/filter.ts";
import type { TextQuery } from "../../../src/search/text/text-query.ts";
import type { Known } from "./oracle.ts";

const words = ["river", "stone", "cloud", "ember", "willow", "harbor", "lantern", "meadow", "raven", "salt"];
const colours = ["red", "green", "blue", null, 7, true, ["red", "x"], { a: 1 }] as const;

export const dimensions = 8;

export const randomVector = (random: Random): Float32Array =>
  Float32Array.from({ length: dimensions }, () => random.below(2001) / 1000 - 1.0005);

/** Words that are common and words that are rare. */
const word = (random: Random): string =>
  random.below(5) === 0
    ? `rare${random.below(60)}`
    : (words[random.below(random.below(words.length) + 1)] ?? "");

export const randomText = (random: Random, most: number): string =>
  Array.from({ length: random.below(most) }, () => word(random)).join(" ");

export const randomContext = (
  random: Random,
  id: string,
): Omit<Known, "version" | "createdAt" | "updatedAt"> => {
  const colour = random.pick(colours);
  return {
    id,
    type: random.pick(["note", "plan"]),
    content: { text: randomText(random, 30), ...(random.below(3) > 0 && { colour }) },
    metadata: { n: random.below(20), ...(random.below(2) === 0 && { undeclared: random.below(3) }) },
    vector: random.below(4) === 0 ? undefined : randomVector(random),
  };
};

export const randomFilter = (random: Random, depth = 2): Filter => {
  const kind = random.below(depth > 0 ? 12 : 9);
  const path = parsePath(random.pick(["content.colour", "metadata.n", "metadata.undeclared"]));
  const n = parsePath("metadata.n");
  if (kind === 0) return { kind: "compare", path, comparison: "eq", value: random.pick(colours) };
  if (kind === 1)
    return {
      kind: "compare",
      path: n,
      comparison: random.pick(["gt", "gte", "lt", "lte"] as const),
      value: random.below(20),
    };
  if (kind === 2) return { kind: "in", path, values: [random.below(20), "red", random.below(3)] };
  if (kind === 3) return { kind: "exists", path };
  if (kind === 4) return { kind: "compare", path: parsePath("type"), comparison: "eq", value: "note" };
  if (kind === 5) return { kind: "contains", path, value: "red" };
  const comparison = random.pick(["eq", "gt", "gte", "lt", "lte"] as const);
  if (kind === 6)
    return { kind: "compare", path: parsePath("version"), comparison, value: random.below(8) / 2 };
  if (kind === 7)
    return {
      ...{ kind: "compare", path: parsePath("createdAt"), comparison },
      value: 1_700_000_000_000 + random.below(60_000),
    };
  if (kind === 8) return { kind: "startsWith", path: parsePath("id"), value: `id ${random.below(6)}` };
  if (kind === 9) return { kind: "not", filter: randomFilter(random, depth - 1) };
  const filters = [randomFilter(random, depth - 1), randomFilter(random, depth - 1)];
  return { kind: kind === 10 ? "and" : "or", filters };
};

/** @param analyzed terms as the index has them */
export const randomQuery = (random: Random, analyzed: (text: string) => string[]): TextQuery => {
  const terms = analyzed(randomText(random, 5) || "river");
  const phrase = random.below(4) === 0 ? [analyzed(randomText(random, 4) || "salt")] : [];
  const phrases = phrase.filter((run) => run.length > 0);
  return {
    terms: [...new Set([...terms, ...phrases.flat()])],
    prefixes: random.below(4) === 0 ? [random.pick(["rare1", "w", "rav", "nothing"])] : [],
    phrases,
    names: [],
  };
};
