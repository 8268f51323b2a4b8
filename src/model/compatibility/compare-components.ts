import type { ComponentDescription } from "../description.ts";
import type { JsonSchema } from "../schema.ts";
import { type Difference, findDifferences } from "./find-differences.ts";
import { type CompatibilityMode, directionsOf } from "./mode.ts";

/** A difference between two components; its path begins with `content`, `metadata` or `type`. */
export type ComponentDifference = Difference & {
  /** The type whose content it is about; absent for metadata. */
  readonly type?: string;
};

export type ComponentComparison = {
  readonly compatible: boolean;
  /** What breaks by the mode. */
  readonly differences: readonly ComponentDifference[];
  /** What would break, did the newer component not have upgrades for it. */
  readonly upgraded: readonly ComponentDifference[];
};

/** What is compared of a component. */
export type ComparedComponent = Pick<
  ComponentDescription,
  "name" | "schemaVersion" | "types" | "metadata" | "upgrades"
>;

type Words = readonly [older: string, newer: string];

/** Content and metadata are objects, whether a schema says so or not. */
const given = { type: "object" };

/** A part without a schema takes every object. */
const anything: JsonSchema = {};

const comparePart = (
  root: "content" | "metadata",
  [older = anything, newer = anything]: readonly [JsonSchema | undefined, JsonSchema | undefined],
  words: Words,
  mode: CompatibilityMode,
): Difference[] =>
  findDifferences({ older, newer, words, given }, mode).map((one) => ({
    ...one,
    path: [root, one.path].filter(Boolean).join(/^[[/]/.test(one.path) ? "" : "."),
  }));

const lost = (
  type: string | undefined,
  message: string,
  breaks: "backward" | "forward",
): ComponentDifference => ({
  ...(type !== undefined && { type }),
  path: "type",
  kind: "types",
  message,
  breaks,
});

/** Types that the one has, and the other does not take. */
const lostTypes = (
  from: ComparedComponent,
  to: ComparedComponent,
  [has, lacks]: Words,
  breaks: "backward" | "forward",
): ComponentDifference[] => {
  const { types } = to;
  if (!types) return [];
  const known = Object.keys(types);
  if (!from.types)
    return [lost(undefined, `${has} takes any type, ${lacks} only ${known.join(", ")}`, breaks)];
  return Object.keys(from.types)
    .filter((type) => !known.includes(type))
    .map((type) => lost(type, `${has} has this type, ${lacks} has not`, breaks));
};

/** Whether content of a type, or of any where none is named, is lifted on its way from the one to the other. */
const isUpgraded = (older: ComparedComponent, newer: ComparedComponent, type: string | undefined): boolean =>
  Object.entries(newer.upgrades ?? {}).some(([key, types]) => {
    const to = Number(key);
    const isBetween = to > older.schemaVersion && to <= newer.schemaVersion;
    return isBetween && (types === "all" || (type !== undefined && types.includes(type)));
  });

/** Metadata is that of every type. */
const isCovered = (older: ComparedComponent, newer: ComparedComponent, one: ComponentDifference): boolean => {
  if (one.breaks !== "backward") return false;
  const types = one.path.startsWith("metadata") && older.types ? Object.keys(older.types) : [one.type];
  return types.every((type) => isUpgraded(older, newer, type));
};

/**
 * Tells whether a component may follow an earlier one of its name. A type may come anew, which breaks forward; one that
 * is gone breaks backward, unless the newer has none declared and takes any. What breaks backward is made good by an
 * upgrade of that type on the way.
 * @param words how messages call the two
 */
export const compareComponents = (
  older: ComparedComponent,
  newer: ComparedComponent,
  mode: CompatibilityMode,
  words: Words = [`schemaVersion ${older.schemaVersion}`, `schemaVersion ${newer.schemaVersion}`],
): ComponentComparison => {
  const directions = directionsOf(mode);
  const [before, after] = words;
  const shared = Object.entries(older.types ?? {}).flatMap(([type, schema]): ComponentDifference[] => {
    const next = newer.types?.[type];
    if (newer.types && !next) return [];
    return comparePart("content", [schema, next], words, mode).map((one) => ({ type, ...one }));
  });
  const found = [
    ...(directions.includes("backward") ? lostTypes(older, newer, words, "backward") : []),
    ...(directions.includes("forward") ? lostTypes(newer, older, [after, before], "forward") : []),
    ...shared,
    ...comparePart("metadata", [older.metadata, newer.metadata], words, mode),
  ];
  const differences = found.filter((one) => !isCovered(older, newer, one));
  const upgraded = found.filter((one) => isCovered(older, newer, one));
  return { compatible: differences.length === 0, differences, upgraded };
};
