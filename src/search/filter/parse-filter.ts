import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { nearestName } from "../../base/nearest.ts";
import { show } from "../../base/show.ts";
import { type Path, parsePath } from "../../model/path.ts";
import type { Filter } from "./filter.ts";
import { type FilterRoom, invalidFilter, newRoom, takeRoom } from "./filter-value.ts";
import { mergeAll, mergeAny } from "./merge-conditions.ts";
import { operatorNames, parseOperator } from "./operators.ts";

const combiners = ["$and", "$or", "$not"] as const;

/** Operators, where every name is one; any other object is a value that is compared whole, the empty one too. */
const isOperators = (value: unknown): value is Record<string, unknown> => {
  if (!isObject(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => name.startsWith("$"));
};

const unknownOperator = (name: string, known: readonly string[], place: string) => {
  const nearest = nearestName(name, known);
  const meant = nearest === undefined ? "" : ` Is it ${nearest}?`;
  return invalidFilter(`There is no operator ${show(name)} ${place}.${meant} There are ${known.join(", ")}.`);
};

const all = (given: readonly Filter[]): Filter => {
  const filters = mergeAll(given);
  const [only] = filters;
  return only && filters.length === 1 ? only : { kind: "and", filters };
};

const parseCondition = (path: Path, value: unknown, room: FilterRoom): Filter => {
  if (!isOperators(value)) return parseOperator(path, "$eq", value, room);
  return all(
    Object.entries(value).map(([name, operand]) => {
      if (!operatorNames.includes(name)) throw unknownOperator(name, operatorNames, `at ${show(path.text)}`);
      return parseOperator(path, name, operand, room);
    }),
  );
};

const parseList = (name: string, value: unknown, room: FilterRoom, depth: number): Filter[] => {
  if (!Array.isArray(value)) throw invalidFilter(`${name} takes an array of filters, not ${show(value)}.`);
  return Array.from(value, (one: unknown) => parseLevel(one, room, depth + 1));
};

const parseEntry = (name: string, value: unknown, room: FilterRoom, depth: number): Filter => {
  if (value === undefined) {
    throw invalidFilter(`The filter has no value at ${show(name)}. Leave the name out, or give a value.`);
  }
  if (name === "$and") return all(parseList(name, value, room, depth));
  if (name === "$or") return { kind: "or", filters: mergeAny(parseList(name, value, room, depth)) };
  if (name === "$not") return { kind: "not", filter: parseLevel(value, room, depth + 1) };
  if (operatorNames.includes(name)) {
    throw invalidFilter(`${name} stands below a path, as in { "content.count": { "${name}": … } }.`);
  }
  if (name.startsWith("$")) throw unknownOperator(name, combiners, "between filters");
  takeRoom(room, 0, name.length);
  return parseCondition(parsePath(name), value, room);
};

const parseLevel = (where: unknown, room: FilterRoom, depth: number): Filter => {
  if (depth > limits.filterDepth) {
    throw invalidFilter(`The filter nests deeper than ${limits.filterDepth} levels, or holds itself.`);
  }
  if (!isObject(where) || where instanceof Date) {
    throw invalidFilter(
      `A filter is ${Array.isArray(where) ? "an array" : show(where)}. It must be an object.`,
    );
  }
  takeRoom(room, 1, 0);
  return all(Object.entries(where).map(([name, value]) => parseEntry(name, value, room, depth)));
};

/** What a filter without conditions says: everything fits. */
export const everything: Filter = { kind: "and", filters: [] };

/**
 * The filter that `where` says (see model/where.ts): `{}` fits everything, an empty `$and` too, an empty `$or`
 * nothing.
 * @throws ContextbaseError invalid_argument, too_large
 */
export const parseFilter = (where: unknown): Filter => parseLevel(where, newRoom(), 1);
