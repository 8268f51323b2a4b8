import type { Json } from "../../base/json.ts";
import { push, type WholeNumbers, wholeNumbers } from "./number-list.ts";
import { addSlot, noSlots, type Slots } from "./slots.ts";

/** A value that a context has at a path; undefined where it has none. */
export type Value = Json | undefined;

/**
 * The values of all slots at one path, as codes: each distinct value has one, so that a filter is tried on the
 * distinct values alone. The slots of one code form a chain from the last to the first, by which a rare value is
 * found without a look at every slot.
 */
export type Column = {
  /** By code. Code 0 is that of no value. */
  readonly values: readonly Value[];
  /** By slot. */
  readonly codes: WholeNumbers;
  /** Gives the next slot its value. */
  readonly add: (value: Value) => void;
  /** The code of a value that is neither array nor object; undefined where no slot has it. */
  readonly codeOf: (value: Value) => number | undefined;
  /** The slots whose code is one of these. */
  readonly slotsOf: (codes: readonly number[]) => Slots;
};

/** A chain is walked where it has at most this part of all slots; above it a look at each is faster. */
const chainedPart = 1 / 8;

export const createColumn = (): Column => {
  const values: Value[] = [undefined];
  const plain = new Map<Value, number>([[undefined, 0]]);
  const composed = new Map<string, number>();
  const codes = wholeNumbers();
  /** By slot: the slot before it that has the same code, plus 1. */
  const before = wholeNumbers();
  /** By code: its last slot plus 1, and how many it has. */
  const last: number[] = [0];
  const counts: number[] = [0];

  const newCode = (value: Value): number => {
    last.push(0);
    counts.push(0);
    return values.push(value) - 1;
  };

  const encode = (value: Value): number => {
    const isComposed = typeof value === "object" && value !== null;
    const text = isComposed ? JSON.stringify(value) : "";
    const known = isComposed ? composed.get(text) : plain.get(value);
    if (known !== undefined) return known;
    const code = newCode(value);
    if (isComposed) composed.set(text, code);
    else plain.set(value, code);
    return code;
  };

  const add = (value: Value): void => {
    const code = encode(value);
    push(before, last[code] ?? 0);
    push(codes, code);
    last[code] = codes.length;
    counts[code] = (counts[code] ?? 0) + 1;
  };

  /** A look at every slot, of 32 at a time. */
  const scan = (wanted: readonly number[]): Slots => {
    const slots = noSlots(codes.length);
    const { array, length } = codes;
    const fits = new Uint8Array(values.length);
    for (const code of wanted) fits[code] = 1;
    for (let first = 0; first < length; first += 32) {
      const end = Math.min(first + 32, length);
      let bits = 0;
      for (let slot = first; slot < end; slot++) bits |= (fits[array[slot] ?? 0] ?? 0) << (slot & 31);
      slots[first >>> 5] = bits;
    }
    return slots;
  };

  const slotsOf = (wanted: readonly number[]): Slots => {
    let count = wanted.length;
    for (const code of wanted) count += counts[code] ?? 0;
    if (count > codes.length * chainedPart) return scan(wanted);
    const slots = noSlots(codes.length);
    for (const code of wanted) {
      for (let next = last[code] ?? 0; next > 0; next = before.array[next - 1] ?? 0) addSlot(slots, next - 1);
    }
    return slots;
  };

  return { values, codes, add, codeOf: (value) => plain.get(value), slotsOf };
};
