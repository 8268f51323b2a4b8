import { readFile, stat } from "node:fs/promises";
import { limits } from "../base/limits.ts";

/** A text, or why there is none. */
export type ReadDocument =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly problem: string };

const megabyte = 1024 * 1024;

/** Reads a file of UTF-8. Its lines end in `\n` whatever they end in on the disk; a byte order mark is left out. */
export const readDocument = async (file: string): Promise<ReadDocument> => {
  try {
    const { size } = await stat(file);
    if (size > limits.documentBytes) {
      const most = limits.documentBytes / megabyte;
      return { problem: `has ${(size / megabyte).toFixed(1)} MiB; ${most} MiB are the most` };
    }
    return decode(await readFile(file));
  } catch (cause) {
    return { problem: `cannot be read (${codeOf(cause)})` };
  }
};

const decode = (bytes: Buffer): ReadDocument => {
  if (bytes.includes(0)) return { problem: "holds NUL bytes, so it is no text in UTF-8" };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { text: text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text };
  } catch {
    return { problem: "is no UTF-8" };
  }
};

/** The system's name for what went wrong, such as EACCES. */
export const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
