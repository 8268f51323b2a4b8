import { largestOf, smallestOf } from "./bounds.ts";
import type { Branch } from "./branches.ts";
import { type Check, checkSize } from "./check-scalars.ts";
import type { Comparison } from "./comparison.ts";
import { below, type Found } from "./difference.ts";
import type { SchemaNode } from "./node.ts";
import { restOf } from "./scope.ts";
import { typeBits } from "./types.ts";

const itemOf = (branch: Branch, at: number): SchemaNode[] =>
  branch.flatMap((node) => node.list("prefixItems")[at] ?? restOf(node) ?? []);

const prefixOf = (branch: Branch): number =>
  branch.reduce((most, node) => Math.max(most, node.list("prefixItems").length), 0);

/** How many items an array has at the most. */
export const mostItems = (branch: Branch, isEmpty: (nodes: readonly SchemaNode[]) => boolean): number => {
  const most = smallestOf(branch, "maxItems", Number.POSITIVE_INFINITY);
  for (let at = 0; at <= prefixOf(branch); at++) if (isEmpty(itemOf(branch, at))) return Math.min(most, at);
  return most;
};

export const leastItems = (branch: Branch): number => {
  const contained = branch.map((node) => (node.one("contains") ? Number(node.keywords.minContains ?? 1) : 0));
  return Math.max(largestOf(branch, "minItems", 0), ...contained);
};

const checkItems = (branch: Branch, to: SchemaNode, most: number, { fitsWithin }: Comparison): Found[] => {
  const ends = Math.max(prefixOf(branch), prefixOf([to]));
  const found: Found[] = [];
  for (let at = 0; at <= ends && at < most; at++) {
    const steps = at < ends ? `[${at}]` : "[]";
    for (const node of itemOf([to], at)) found.push(...below(steps, fitsWithin(itemOf(branch, at), node)));
  }
  return found;
};

/** Whether so many items certainly hold what is to be contained. */
const certainlyHas = (
  branch: Branch,
  contains: SchemaNode,
  least: number,
  { fitsWithin }: Comparison,
): boolean => {
  const others = branch.flatMap((node) => {
    const own = node.one("contains");
    return own ? [{ own, least: Number(node.keywords.minContains ?? 1) }] : [];
  });
  if (others.some((one) => one.least >= least && fitsWithin([one.own], contains).length === 0)) return true;
  const prefix = prefixOf(branch);
  const items = leastItems(branch);
  const fits = (at: number): boolean => fitsWithin(itemOf(branch, at), contains).length === 0;
  const before = Array.from({ length: Math.min(prefix, items) }, (_, at) => at).filter(fits).length;
  return before + (items > prefix && fits(prefix) ? items - prefix : 0) >= least;
};

/** Whether no more than so many items hold what is to be contained. */
const hasNoMore = (branch: Branch, contains: SchemaNode, most: number, comparison: Comparison): boolean =>
  mostItems(branch, comparison.isEmpty) <= most ||
  branch.some((node) => {
    const own = node.one("contains");
    const limit = node.keywords.maxContains;
    if (!own || typeof limit !== "number" || limit > most) return false;
    return comparison.fitsWithin([contains], own).length === 0;
  });

const checkContains = (branch: Branch, to: SchemaNode, comparison: Comparison): Found[] => {
  const contains = to.one("contains");
  if (!contains) return [];
  const { minContains = 1, maxContains = Number.POSITIVE_INFINITY } = to.keywords;
  const least = Number(minContains);
  const most = Number(maxContains);
  const enough = least === 0 || certainlyHas(branch, contains, least, comparison);
  if (enough && (most === Number.POSITIVE_INFINITY || hasNoMore(branch, contains, most, comparison)))
    return [];
  const message = `${comparison.to} wants items that not every array of ${comparison.from} is known to have`;
  return [{ steps: "[]", kind: "contains", message }];
};

export const checkArrays: Check = (branch, to, types, comparison) => {
  if ((types & typeBits.array) === 0) return [];
  const most = mostItems(branch, comparison.isEmpty);
  const found = checkSize(to, ["minItems", "maxItems"], [leastItems(branch), most], comparison);
  found.push(...checkItems(branch, to, most, comparison), ...checkContains(branch, to, comparison));
  const areUnique = most <= 1 || branch.some(({ keywords }) => keywords.uniqueItems === true);
  if (to.keywords.uniqueItems === true && !areUnique) {
    const message = `${comparison.from} takes an item twice, ${comparison.to} does not`;
    found.push({ steps: "[]", kind: "uniqueItems", message });
  }
  return found;
};
