type Numbers = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Numbers in an array with room to grow: `array` is exchanged for a larger one as it fills. */
export type NumberList<Kind extends Numbers = Numbers> = { array: Kind; length: number };

/** Whole numbers from 0 to 2³² − 1. */
export type WholeNumbers = NumberList<Uint32Array<ArrayBuffer>>;
export type AnyNumbers = NumberList<Float64Array<ArrayBuffer>>;

const firstRoom = 16;

export const wholeNumbers = (): WholeNumbers => ({ array: new Uint32Array(firstRoom), length: 0 });

export const anyNumbers = (): AnyNumbers => ({ array: new Float64Array(firstRoom), length: 0 });

const grow = (list: NumberList, needed: number): void => {
  let room = list.array.length * 2;
  while (room < needed) room *= 2;
  const larger = list.array instanceof Uint32Array ? new Uint32Array(room) : new Float64Array(room);
  larger.set(list.array);
  list.array = larger;
};

/** Makes room for so many more. */
export const reserve = (list: NumberList, count: number): void => {
  if (list.length + count > list.array.length) grow(list, list.length + count);
};

export const push = (list: NumberList, value: number): void => {
  if (list.length === list.array.length) grow(list, list.length + 1);
  list.array[list.length++] = value;
};

export const append = (list: WholeNumbers, values: ArrayLike<number>): void => {
  reserve(list, values.length);
  list.array.set(values, list.length);
  list.length += values.length;
};

/** Those that were put in, until more are. */
export const numbersIn = ({ array, length }: WholeNumbers): Uint32Array<ArrayBuffer> =>
  array.subarray(0, length);
