import { deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/**
 * How the body of a superseded version is kept: compressed against the body of a version near it, which
 * serves as dictionary, so that a version that changed one field costs little more than the change. Every
 * 32nd version stands by itself; no version needs more than one other to be read.
 */
export const snapshotEvery = 32;

/** The version whose body is the dictionary of this one; undefined for one that stands by itself. */
export const dictionaryOf = (version: number): number | undefined => {
  const offset = (version - 1) % snapshotEvery;
  return offset === 0 ? undefined : version - offset;
};

export type VersionBody = {
  readonly content: string;
  readonly metadata: string;
  readonly embeddings: Uint8Array | undefined;
};

const headerBytes = 8;

/** The lengths of content and metadata (two uint32, little endian), then content, metadata, embeddings. */
export const joinBody = ({ content, metadata, embeddings }: VersionBody): Buffer => {
  const texts = [Buffer.from(content), Buffer.from(metadata)] as const;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(texts[0].length, 0);
  header.writeUInt32LE(texts[1].length, 4);
  return Buffer.concat([header, ...texts, embeddings ?? Buffer.alloc(0)]);
};

export const splitBody = (body: Buffer): VersionBody => {
  const metadataAt = headerBytes + body.readUInt32LE(0);
  const embeddingsAt = metadataAt + body.readUInt32LE(4);
  return {
    content: body.toString("utf8", headerBytes, metadataAt),
    metadata: body.toString("utf8", metadataAt, embeddingsAt),
    embeddings: embeddingsAt < body.length ? body.subarray(embeddingsAt) : undefined,
  };
};

export const encodings = { plain: 0, deflate: 1, zstd: 2 } as const;

/** Deflate looks back 32 KiB; a dictionary and a body that do not fit into that together need zstd. */
const deflateReachBytes = 30 * 1024;

export type CompressedBody = { readonly encoding: number; readonly body: Buffer };

export const compressBody = (body: Buffer, dictionary: Buffer | undefined): CompressedBody => {
  const fits = body.length + (dictionary?.length ?? 0) <= deflateReachBytes;
  const options = dictionary === undefined ? {} : { dictionary };
  const compressed = fits ? deflateRawSync(body, options) : zstdCompressSync(body, options);
  if (compressed.length >= body.length) return { encoding: encodings.plain, body };
  return { encoding: fits ? encodings.deflate : encodings.zstd, body: compressed };
};

export const decompressBody = (
  { encoding, body }: CompressedBody,
  dictionary: Buffer | undefined,
): Buffer => {
  const options = dictionary === undefined ? {} : { dictionary };
  if (encoding === encodings.deflate) return inflateRawSync(body, options);
  if (encoding === encodings.zstd) return zstdDecompressSync(body, options);
  return body;
};
