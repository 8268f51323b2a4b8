import type { Json } from "../../base/json.ts";
import { show } from "../../base/show.ts";
import type { Path } from "../../model/path.ts";
import type { Comparison, Filter } from "./filter.ts";
import { type FilterRoom, filterValue, invalidFilter, takeRoom, timeValue } from "./filter-value.ts";

type Operand = {
  readonly path: Path;
  readonly value: unknown;
  readonly room: FilterRoom;
  readonly name: string;
};
type Operator = (operand: Operand) => Filter;

const isTime = (path: Path): boolean => path.root === "createdAt" || path.root === "updatedAt";

const operandValue = ({ path, room, name }: Operand, value: unknown): Json => {
  const where = `${name} at ${show(path.text)}`;
  takeRoom(room, 1, 0);
  const parsed = filterValue(value, where, room);
  return isTime(path) ? timeValue(parsed, where) : parsed;
};

const compare =
  (comparison: Comparison): Operator =>
  (operand) => ({
    kind: "compare",
    path: operand.path,
    comparison,
    value: operandValue(operand, operand.value),
  });

const isIn: Operator = (operand) => {
  const { path, value, name } = operand;
  if (!Array.isArray(value)) throw invalidFilter(`${name} at ${show(path.text)} takes an array of values.`);
  return { kind: "in", path, values: Array.from(value, (one: unknown) => operandValue(operand, one)) };
};

const exists: Operator = ({ path, value, name, room }) => {
  if (typeof value !== "boolean")
    throw invalidFilter(`${name} at ${show(path.text)} is ${show(value)}. It must be true or false.`);
  takeRoom(room, 1, 0);
  return value ? { kind: "exists", path } : not({ kind: "exists", path });
};

const contains: Operator = (operand) => ({
  kind: "contains",
  path: operand.path,
  value: operandValue(operand, operand.value),
});

const startsWith: Operator = (operand) => {
  const { path, value, name } = operand;
  if (typeof value !== "string")
    throw invalidFilter(`${name} at ${show(path.text)} is ${show(value)}. It must be a text.`);
  if (isTime(path))
    throw invalidFilter(`${name} stands at ${show(path.text)}, which is a time. Use $gte and $lt.`);
  takeRoom(operand.room, 1, 0);
  return {
    kind: "startsWith",
    path,
    value: String(filterValue(value, `${name} at ${show(path.text)}`, operand.room)),
  };
};

const not = (filter: Filter): Filter => ({ kind: "not", filter });

const operators: ReadonlyMap<string, Operator> = new Map([
  ["$eq", compare("eq")],
  ["$ne", (operand) => not(compare("eq")(operand))],
  ["$gt", compare("gt")],
  ["$gte", compare("gte")],
  ["$lt", compare("lt")],
  ["$lte", compare("lte")],
  ["$in", isIn],
  ["$nin", (operand) => not(isIn(operand))],
  ["$exists", exists],
  ["$contains", contains],
  ["$startsWith", startsWith],
]);

/** What can stand below a path. */
export const operatorNames: readonly string[] = [...operators.keys()];

/**
 * What one operator says of a path. A Date is its ISO text, and at a time of the context itself milliseconds.
 * @param name one of `operatorNames`
 * @throws ContextbaseError invalid_argument, too_large
 */
export const parseOperator = (path: Path, name: string, value: unknown, room: FilterRoom): Filter => {
  const operator = operators.get(name);
  if (!operator) throw invalidFilter(`There is no operator ${show(name)}.`);
  return operator({ path, value, room, name });
};
