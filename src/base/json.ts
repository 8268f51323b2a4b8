import secureJson from "secure-json-parse";
import { ContextbaseError, InvalidContextError } from "./errors.ts";
import { parseJsonText } from "./json-text.ts";
import { limits } from "./limits.ts";
import { showName } from "./show.ts";

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where in a value the copy stands, as names and array positions; a text is made of it only for an error. */
type Trail = (string | number)[];

/** How many more characters a value may hold; each item and each property counts as one, too. */
type Room = { left: number; readonly most: number };

const take = (room: Room, trail: Trail, characters: number): void => {
  room.left -= characters + 1;
  if (room.left >= 0) return;
  const [name = ""] = trail;
  throw new ContextbaseError(
    "too_large",
    `${name} takes more than ${room.most} bytes as JSON. Split it into several contexts.`,
    { details: { path: name, most: room.most } },
  );
};

const pathOf = (trail: Trail): string =>
  trail
    .map((step, at) => (typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${showName(step)}`))
    .join("");

const refuse = (trail: Trail, problem: string): never => {
  const path = pathOf(trail);
  throw new InvalidContextError(`${path} ${problem}`, { details: { path } });
};

/** A text that every engine stores and gives back unchanged: no U+0000, no lone surrogate. */
const checkText = (text: string, trail: Trail): void => {
  if (text.includes("\0")) refuse(trail, "holds U+0000, which databases cannot keep in a text. Remove it.");
  if (!text.isWellFormed()) refuse(trail, "holds a lone surrogate, which is no Unicode text. Remove it.");
};

const checkNumber = (value: number, trail: Trail): number => {
  if (!Number.isFinite(value))
    refuse(trail, `is ${value}, which JSON does not have. Leave it out or use null.`);
  return value === 0 ? 0 : value;
};

const copyArray = (value: readonly unknown[], trail: Trail, room: Room): Json[] => {
  const copy: Json[] = [];
  for (let index = 0; index < value.length; index++) {
    trail.push(index);
    copy.push(copyJson(value[index], trail, room));
    trail.pop();
  }
  return copy;
};

const copyObject = (value: object, trail: Trail, room: Room): JsonObject => {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const name: unknown = value.constructor?.name;
    const kind = typeof name === "string" ? showName(name) : "object without a plain prototype";
    refuse(trail, `is a ${kind}, which JSON does not have. Store plain data, a Date as an ISO string.`);
  }
  const copy: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    trail.push(key);
    if (key === "__proto__") refuse(trail, "is no name for a property: it reaches a prototype. Rename it.");
    checkText(key, trail);
    take(room, trail, key.length);
    copy[key] = copyJson(item, trail, room);
    trail.pop();
  }
  return copy;
};

const copyJson = (value: unknown, trail: Trail, room: Room): Json => {
  take(room, trail, typeof value === "string" ? value.length : 0);
  if (trail.length > limits.jsonDepth) {
    refuse(trail.slice(0, 3), `nests deeper than ${limits.jsonDepth} levels, or holds itself. Flatten it.`);
  }
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      return checkNumber(value, trail);
    case "string":
      checkText(value, trail);
      return value;
    case "object":
      if (value === null) return null;
      return Array.isArray(value) ? copyArray(value, trail, room) : copyObject(value, trail, room);
    case "undefined":
      return refuse(trail, "is undefined, which JSON does not have. Use null, or leave it out.");
    default:
      return refuse(trail, `is a ${typeof value}, which JSON does not have.`);
  }
};

/**
 * A copy of `value` as JSON that every engine gives back equal: undefined properties dropped, −0 made 0.
 * @throws InvalidContextError where it is no JSON object, naming the path below `name`;
 *   ContextbaseError too_large, before more than `mostBytes` are copied
 */
export const toJsonObject = (value: unknown, name: string, mostBytes: number): JsonObject => {
  if (isObject(value)) return copyObject(value, [name], { left: mostBytes, most: mostBytes });
  const kind = Array.isArray(value) ? "an array" : value === null ? "null" : `a ${typeof value}`;
  return refuse([name], `is ${value === undefined ? "missing" : kind}. It must be an object.`);
};

/**
 * Copies values as `toJsonObject` does, of any kind, and all of them together no larger than `mostBytes`.
 * @throws as toJsonObject
 */
export const createJsonCopier = (mostBytes: number): ((value: unknown, name: string) => Json) => {
  const room = { left: mostBytes, most: mostBytes };
  return (value, name) => copyJson(value, [name], room);
};

/** A deep copy of what is known to be JSON. */
export const cloneJson = <T extends Json>(value: T): T => clone(value) as T;

const clone = (value: Json): Json => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(clone);
  const copy: Record<string, Json> = { ...(value as JsonObject) };
  for (const key in copy) {
    const item = copy[key] as Json;
    if (typeof item === "object" && item !== null) copy[key] = clone(item);
  }
  return copy;
};

/**
 * Parses JSON from outside. Names that reach prototypes are refused, not dropped.
 * @throws ContextbaseError invalid_json
 */
export const parseJson = (text: string, what: string): unknown => {
  try {
    const parsed = parseJsonText(text);
    return isObject(parsed) || Array.isArray(parsed) ? secureJson.scan(parsed, names) : parsed;
  } catch (cause) {
    const forbidden = cause instanceof Error && cause.message.includes("forbidden prototype");
    const reason = forbidden
      ? "it has a property named __proto__, which reaches a prototype"
      : cause instanceof Error
        ? cause.message
        : String(cause);
    throw new ContextbaseError(
      "invalid_json",
      `${what} is no JSON that can be taken: ${reason.slice(0, 200)}.`,
      { cause },
    );
  }
};

const names = { protoAction: "error", constructorAction: "ignore" } as const;
