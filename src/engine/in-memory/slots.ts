/**
 * Sets of slots, as bits: slot `n` is bit `n % 32` of word `n / 32`. Sets that are combined are of one number of
 * slots.
 */
export type Slots = Uint32Array<ArrayBuffer>;

export const noSlots = (size: number): Slots => new Uint32Array((size + 31) >>> 5);

export const allSlots = (size: number): Slots => {
  const slots = noSlots(size).fill(0xffffffff);
  const rest = size & 31;
  if (rest > 0) slots[slots.length - 1] = 2 ** rest - 1;
  return slots;
};

export const hasSlot = (slots: Slots, slot: number): boolean =>
  (((slots[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;

export const addSlot = (slots: Slots, slot: number): void => {
  slots[slot >>> 5] = (slots[slot >>> 5] ?? 0) | (1 << (slot & 31));
};

export const removeSlot = (slots: Slots, slot: number): void => {
  slots[slot >>> 5] = (slots[slot >>> 5] ?? 0) & ~(1 << (slot & 31));
};

/** Keeps in `slots` what the other has, too. */
export const keepCommon = (slots: Slots, others: Slots): Slots => {
  for (let word = 0; word < slots.length; word++) slots[word] = (slots[word] ?? 0) & (others[word] ?? 0);
  return slots;
};

export const addAll = (slots: Slots, others: Slots): Slots => {
  for (let word = 0; word < slots.length; word++) slots[word] = (slots[word] ?? 0) | (others[word] ?? 0);
  return slots;
};

/** Turns `slots` into those of `size` that it does not have. */
export const invert = (slots: Slots, size: number): Slots => {
  for (let word = 0; word < slots.length; word++) slots[word] = ~(slots[word] ?? 0);
  const rest = size & 31;
  if (rest > 0) slots[slots.length - 1] = (slots[slots.length - 1] ?? 0) & (2 ** rest - 1);
  return slots;
};

const bitsOf = (word: number): number => {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

export const countSlots = (slots: Slots): number => {
  let count = 0;
  for (let word = 0; word < slots.length; word++) count += bitsOf(slots[word] ?? 0);
  return count;
};

/** The slots of a set, rising. */
export const listSlots = (slots: Slots): Uint32Array<ArrayBuffer> => {
  const list = new Uint32Array(countSlots(slots));
  let at = 0;
  for (let word = 0; word < slots.length; word++) {
    let bits = slots[word] ?? 0;
    while (bits !== 0) {
      list[at++] = (word << 5) + 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
    }
  }
  return list;
};

/** The same set with room for `size` slots. */
export const withRoom = (slots: Slots, size: number): Slots => {
  if (size <= slots.length * 32) return slots;
  const larger = noSlots(Math.max(size, slots.length * 64));
  larger.set(slots);
  return larger;
};
