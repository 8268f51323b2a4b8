/** Bytes that are written one after another, into an array that is exchanged for a larger one as it fills. */
export type ByteList = { array: Uint8Array<ArrayBuffer>; length: number };

const firstRoom = 1024;
/** A number takes no more than this. */
const numberBytes = 5;

export const byteList = (): ByteList => ({ array: new Uint8Array(firstRoom), length: 0 });

/** What was written, until more is. */
export const bytesOf = ({ array, length }: ByteList): Uint8Array => array.subarray(0, length);

/** A whole number below 2³²: seven bits a byte, the lowest first; the highest bit says that more follow. */
export const pushNumber = (list: ByteList, value: number): void => {
  if (list.length + numberBytes > list.array.length) {
    const larger = new Uint8Array(list.array.length * 2);
    larger.set(list.array);
    list.array = larger;
  }
  let rest = value;
  while (rest > 127) {
    list.array[list.length++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  list.array[list.length++] = rest;
};

/** Reads numbers that `pushNumber` wrote, one with each call; 0 behind the last. */
export const numbersOf = (bytes: Uint8Array): (() => number) => {
  let at = 0;
  return () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
};
