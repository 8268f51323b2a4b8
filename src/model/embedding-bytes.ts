import { createHash } from "node:crypto";

/**
 * An embedding as engines keep it: float32, little endian, and behind them, where the component names a model, seven
 * bytes that stand for it. So a length that is no multiple of four says that there are these, and vectors of two
 * models are told apart wherever they lie: in old versions, in another store, halfway through an exchange of models.
 */
const tagBytes = 7;
const floatBytes = 4;

/** Stands for a model: the first bytes of the SHA-256 of its name, as hexadecimal text; "" for none. */
export const modelTag = (model: string | undefined): string =>
  model === undefined
    ? ""
    : createHash("sha256")
        .update(model)
        .digest("hex")
        .slice(0, tagBytes * 2);

export const toEmbeddingBytes = (vector: Float32Array, tag: string): Uint8Array => {
  const floats = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return tag === "" ? new Uint8Array(floats) : Buffer.concat([floats, Buffer.from(tag, "hex")]);
};

const floatLength = (bytes: Uint8Array): number =>
  bytes.length % floatBytes === 0 ? bytes.length : bytes.length - tagBytes;

/** The tag of the model that made an embedding; "" where none was named. */
export const tagOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(floatLength(bytes))).toString("hex");

const floatsOf = (bytes: Uint8Array | undefined): Uint8Array =>
  bytes === undefined ? new Uint8Array(0) : bytes.subarray(0, floatLength(bytes));

/** The numbers, as an array of its own: the bytes may lie unaligned in somebody's buffer. */
export const toVector = (bytes: Uint8Array | undefined): Float32Array<ArrayBuffer> =>
  new Float32Array(new Uint8Array(floatsOf(bytes)).buffer);

/** The same of bytes that nobody else uses any more: no array of its own where it can do without. */
export const takeVector = (bytes: Uint8Array | undefined): Float32Array<ArrayBuffer> => {
  if (!bytes || !(bytes.buffer instanceof ArrayBuffer)) return toVector(bytes);
  const isWhole = bytes.length === bytes.buffer.byteLength && bytes.length % floatBytes === 0;
  return isWhole ? new Float32Array(bytes.buffer) : toVector(bytes);
};

/** Whether the numbers are the same, whichever model they are of. */
export const isSameVector = (one: Uint8Array | undefined, other: Uint8Array | undefined): boolean =>
  Buffer.compare(floatsOf(one), floatsOf(other)) === 0;

/** Whether an embedding is of this model and length, so that it can be compared with others that are. */
export const isOf = (
  bytes: Uint8Array,
  { tag, dimensions }: { readonly tag: string; readonly dimensions: number | undefined },
): boolean => tagOf(bytes) === tag && floatLength(bytes) === (dimensions ?? 0) * floatBytes;
