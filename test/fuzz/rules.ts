import { isDeepStrictEqual } from "node:util";

/**
 * [S2] once more, told apart from `src`: what of a value is stored, or that it is refused. Where the store and this
 * differ, one of them is wrong.
 */
export const refused: unique symbol = Symbol("refused");
export type Refused = typeof refused;

const isText = (value: unknown): value is string =>
  typeof value === "string" && !/\0/.test(value) && !/\p{Surrogate}/u.test(value);

/** How deep JSON may nest: an object with nothing nested in it is one level deep. */
const mostLevels = 100;

const keep = (value: unknown, levels: number): unknown => {
  if (value === null || value === true || value === false) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : refused;
  if (typeof value === "string") return isText(value) ? value : refused;
  if (typeof value !== "object" || levels > mostLevels) return refused;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (let at = 0; at < value.length; at++) {
      const item = keep(value[at], levels + 1);
      if (item === refused) return refused;
      items.push(item);
    }
    return items;
  }
  const prototype: unknown = Reflect.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return refused;
  const entries: [string, unknown][] = [];
  for (const name of Object.keys(value)) {
    const property: unknown = Reflect.get(value, name);
    if (property === undefined) continue;
    if (name === "__proto__" || !isText(name)) return refused;
    const item = keep(property, levels + 1);
    if (item === refused) return refused;
    entries.push([name, item]);
  }
  return Object.fromEntries(entries);
};

/** An object as it is stored. Who throws while he is looked at is refused. */
export const keptObject = (value: unknown, mostBytes: number): object | Refused => {
  try {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refused;
    const kept = keep(value, 1);
    if (typeof kept !== "object" || kept === null) return refused;
    return Buffer.byteLength(JSON.stringify(kept)) > mostBytes ? refused : kept;
  } catch {
    return refused;
  }
};

export const isName = (value: unknown): value is string =>
  isText(value) && value !== "" && Buffer.byteLength(value) <= 512;

export const isId = (value: unknown): value is string => isName(value) && value !== "." && value !== "..";

export const isVersion = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0;

export const keptEmbeddings = (value: unknown, dimensions: number): readonly number[] | Refused => {
  try {
    if (value === undefined) return [];
    if (!Array.isArray(value) && !(value instanceof Float32Array)) return refused;
    const numbers: readonly unknown[] = Array.from<unknown>(value);
    if (numbers.length === 0) return [];
    if (numbers.length !== dimensions) return refused;
    const singles = numbers.map((one) => (typeof one === "number" ? Math.fround(one) + 0 : Number.NaN));
    return singles.every(Number.isFinite) && singles.some((one) => one !== 0) ? singles : refused;
  } catch {
    return refused;
  }
};

/** Equal in every way that can be seen, −0 and 0 told apart. */
export const isEqual = isDeepStrictEqual;
