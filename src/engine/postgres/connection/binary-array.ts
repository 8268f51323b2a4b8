/**
 * One-dimensional arrays in PostgreSQL's binary format, which `pg` sends as they are: nothing is escaped here and
 * parsed there. A header (dimensions, whether there are nulls, the element's type, length, lower bound), then each
 * element as its length in bytes and those (PostgreSQL's array_recv).
 */
type Element = Buffer | null;

const headerBytes = 20;

const encode = (type: number, elements: readonly Element[]): Buffer => {
  const bytes = elements.reduce((sum, element) => sum + 4 + (element?.length ?? 0), headerBytes);
  const array = Buffer.allocUnsafe(bytes);
  array.writeInt32BE(elements.length === 0 ? 0 : 1, 0);
  array.writeInt32BE(elements.includes(null) ? 1 : 0, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(elements.length, 12);
  array.writeInt32BE(1, 16);
  let at = headerBytes;
  for (const element of elements) {
    at = array.writeInt32BE(element?.length ?? -1, at);
    if (element) at += element.copy(array, at);
  }
  return elements.length === 0 ? array.subarray(0, 12) : array;
};

/** The types by their numbers in PostgreSQL's catalog. */
const types = { boolean: 16, bytes: 17, bigint: 20, integer: 23, text: 25, real: 700 } as const;

const integerOf = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const bigintOf = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

const yes = Buffer.from([1]);
const no = Buffer.from([0]);

export const textArray = (values: readonly (string | undefined)[]): Buffer =>
  encode(
    types.text,
    values.map((value) => (value === undefined ? null : Buffer.from(value))),
  );

export const bytesArray = (values: readonly (Uint8Array | undefined)[]): Buffer =>
  encode(
    types.bytes,
    values.map((value) => (value ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : null)),
  );

export const integerArray = (values: readonly (number | undefined)[]): Buffer =>
  encode(
    types.integer,
    values.map((value) => (value === undefined ? null : integerOf(value))),
  );

/** Numbers of 32 bits, of which there may be many thousands. */
export const realArray = (vectors: readonly Float32Array[]): Buffer => {
  const count = vectors.reduce((sum, { length }) => sum + length, 0);
  const array = Buffer.allocUnsafe(headerBytes + count * 8);
  const header = [count === 0 ? 0 : 1, 0, types.real, count, 1];
  for (const [index, value] of header.entries()) array.writeInt32BE(value, index * 4);
  let at = headerBytes;
  for (const vector of vectors) {
    for (const value of vector) {
      at = array.writeInt32BE(4, at);
      at = array.writeFloatBE(value, at);
    }
  }
  return count === 0 ? array.subarray(0, 12) : array;
};

export const bigintArray = (values: readonly (number | undefined)[]): Buffer =>
  encode(
    types.bigint,
    values.map((value) => (value === undefined ? null : bigintOf(value))),
  );

export const booleanArray = (values: readonly boolean[]): Buffer =>
  encode(
    types.boolean,
    values.map((value) => (value ? yes : no)),
  );
