import { isBodyPath } from "../../model/path.ts";
import type { Filter } from "../../search/filter/filter.ts";
import { pathsOf } from "../../search/filter/paths-of.ts";
import { createValuePredicate, type Leaf } from "../../search/filter/value-predicate.ts";
import type { Column, Value } from "./column.ts";
import type { Documents } from "./documents.ts";
import type { AnyNumbers } from "./number-list.ts";
import { addAll, addSlot, allSlots, invert, keepCommon, noSlots, type Slots } from "./slots.ts";

/** Whether the values that a filter looks at are all kept in memory: those of fields and of declared paths. */
export const isKept = (filter: Filter, documents: Documents): boolean => {
  return pathsOf(filter).every((path) => !isBodyPath(path) || documents.columns.has(path.text));
};

const isPlain = (value: Value): boolean => typeof value !== "object" || value === null;

/** The values that a leaf is equal to, where it is a matter of equality alone. */
const equalsOf = (leaf: Leaf): readonly Value[] | undefined => {
  const values =
    leaf.kind === "in"
      ? leaf.values
      : leaf.kind === "compare" && leaf.comparison === "eq"
        ? [leaf.value]
        : [];
  return values.length > 0 && values.every(isPlain) ? values : undefined;
};

const slotsInColumn = (leaf: Leaf, column: Column): Slots => {
  const equals = equalsOf(leaf);
  if (equals) return column.slotsOf(equals.flatMap((value) => column.codeOf(value) ?? []));
  const fits = createValuePredicate(leaf);
  const codes: number[] = [];
  for (let code = 0; code < column.values.length; code++) if (fits(column.values[code])) codes.push(code);
  return column.slotsOf(codes);
};

/** The whole numbers that a comparison takes, from one to another; undefined where it is none with a number. */
const rangeOf = (leaf: Leaf): readonly [least: number, most: number] | undefined => {
  if (leaf.kind !== "compare" || typeof leaf.value !== "number") return undefined;
  const { value } = leaf;
  const ranges = {
    eq: [value, value],
    gt: [Math.floor(value) + 1, Number.POSITIVE_INFINITY],
    gte: [value, Number.POSITIVE_INFINITY],
    lt: [Number.NEGATIVE_INFINITY, Math.ceil(value) - 1],
    lte: [Number.NEGATIVE_INFINITY, value],
  } as const;
  return ranges[leaf.comparison];
};

/** Of versions and times, which are whole numbers. */
const slotsOfNumbers = (leaf: Leaf, { array, length }: AnyNumbers): Slots => {
  const slots = noSlots(length);
  const range = rangeOf(leaf);
  if (range) {
    const [least, most] = range;
    for (let slot = 0; slot < length; slot++) {
      const value = array[slot] ?? 0;
      if (value >= least && value <= most) addSlot(slots, slot);
    }
    return slots;
  }
  const fits = createValuePredicate(leaf);
  for (let slot = 0; slot < length; slot++) if (fits(array[slot])) addSlot(slots, slot);
  return slots;
};

const slotsOfIds = (leaf: Leaf, { ids, slotOf }: Documents): Slots => {
  const slots = noSlots(ids.length);
  const equals = equalsOf(leaf);
  if (equals) {
    for (const id of equals) {
      const slot = typeof id === "string" ? slotOf(id) : undefined;
      if (slot !== undefined) addSlot(slots, slot);
    }
    return slots;
  }
  const fits = createValuePredicate(leaf);
  for (let slot = 0; slot < ids.length; slot++) if (fits(ids[slot])) addSlot(slots, slot);
  return slots;
};

const slotsOfLeaf = (leaf: Leaf, documents: Documents): Slots => {
  const { root, text } = leaf.path;
  if (root === "id") return slotsOfIds(leaf, documents);
  if (root === "version") return slotsOfNumbers(leaf, documents.versions);
  if (root === "schemaVersion") return slotsOfNumbers(leaf, documents.schemaVersions);
  if (root === "createdAt" || root === "updatedAt") return slotsOfNumbers(leaf, documents[root]);
  const column = root === "type" ? documents.types : documents.columns.get(text);
  if (column) return slotsInColumn(leaf, column);
  throw new Error(`no values of ${text} are kept`);
};

/** The slots that fit a filter whose values are all kept; some of them may be dead. */
export const slotsOf = (filter: Filter, documents: Documents): Slots => {
  const size = documents.size();
  switch (filter.kind) {
    case "and": {
      const [first, ...rest] = filter.filters;
      const slots = first ? slotsOf(first, documents) : allSlots(size);
      return rest.reduce((kept, one) => keepCommon(kept, slotsOf(one, documents)), slots);
    }
    case "or":
      return filter.filters.reduce((slots, one) => addAll(slots, slotsOf(one, documents)), noSlots(size));
    case "not":
      return invert(slotsOf(filter.filter, documents), size);
    default:
      return slotsOfLeaf(filter, documents);
  }
};
