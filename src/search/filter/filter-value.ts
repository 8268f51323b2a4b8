import { ContextbaseError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { showName } from "../../base/show.ts";

export const invalidFilter = (message: string): ContextbaseError =>
  new ContextbaseError("invalid_argument", message);

/** How much more a filter may hold: conditions and values, and characters. */
export type FilterRoom = { parts: number; characters: number };

export const newRoom = (): FilterRoom => ({ parts: limits.filterParts, characters: limits.filterCharacters });

/** @throws ContextbaseError too_large */
export const takeRoom = (room: FilterRoom, parts: number, characters: number): void => {
  room.parts -= parts;
  room.characters -= characters + 1;
  const passed =
    room.parts < 0
      ? `more than ${limits.filterParts} conditions and values`
      : room.characters < 0
        ? `more than ${limits.filterCharacters} characters`
        : undefined;
  if (passed === undefined) return;
  throw new ContextbaseError("too_large", `The filter holds ${passed}. Ask in several parts.`);
};

const checkText = (text: string, where: string): string => {
  if (text.includes("\0")) throw invalidFilter(`${where} holds U+0000, which no context can hold.`);
  if (!text.isWellFormed())
    throw invalidFilter(`${where} holds a lone surrogate, which no context can hold.`);
  return text;
};

const checkNumber = (value: number, where: string): number => {
  if (!Number.isFinite(value)) throw invalidFilter(`${where} is ${value}, which no context can hold.`);
  return value === 0 ? 0 : value;
};

const objectOf = (value: object, where: string, room: FilterRoom, depth: number): Json => {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const name: unknown = value.constructor?.name;
    throw invalidFilter(
      `${where} is a ${typeof name === "string" ? showName(name) : "strange object"}, which JSON does not have.`,
    );
  }
  const copy: Record<string, Json> = {};
  for (const [name, item] of Object.entries(value)) {
    const below = `${where}.${showName(name)}`;
    if (name === "__proto__")
      throw invalidFilter(`${below} is no name of a property: it reaches a prototype.`);
    takeRoom(room, 0, checkText(name, below).length);
    copy[name] = jsonOf(item, below, room, depth + 1);
  }
  return copy;
};

const jsonOf = (value: unknown, where: string, room: FilterRoom, depth: number): Json => {
  if (depth > limits.jsonDepth) {
    throw invalidFilter(
      `A value of the filter nests deeper than ${limits.jsonDepth} levels, or holds itself.`,
    );
  }
  takeRoom(room, 0, typeof value === "string" ? value.length : 0);
  if (typeof value === "string") return checkText(value, where);
  if (typeof value === "number") return checkNumber(value, where);
  if (typeof value === "boolean" || value === null) return value;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw invalidFilter(`${where} is a Date without a time.`);
    return value.toISOString();
  }
  if (Array.isArray(value)) {
    return Array.from(value, (item, at) => jsonOf(item, `${where}[${at}]`, room, depth + 1));
  }
  if (typeof value === "object") return objectOf(value, where, room, depth);
  const kind = value === undefined ? "undefined" : `a ${typeof value}`;
  throw invalidFilter(`${where} is ${kind}, which JSON does not have. Leave it out, or give a value.`);
};

/**
 * A value of a filter as the contexts that it is compared with hold values: a Date is its ISO 8601 text, −0 is 0.
 * @throws ContextbaseError invalid_argument, too_large
 */
export const filterValue = (value: unknown, where: string, room: FilterRoom): Json =>
  jsonOf(value, where, room, 0);

const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * A time that createdAt or updatedAt is compared with, in milliseconds.
 * @throws ContextbaseError invalid_argument
 */
export const timeValue = (value: Json, where: string): number => {
  const time = typeof value === "string" && isoTime.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw invalidFilter(
    `${where} is no time. Give a Date, or an ISO 8601 text such as 2026-01-31 or 2026-01-31T12:00:00Z.`,
  );
};
