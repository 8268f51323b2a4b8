import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { ContextbaseError } from "../base/errors.ts";

const keyBytes = 32;

/**
 * A key as 32 bytes, from bytes or base64. The error never shows what was given.
 * @throws ContextbaseError invalid_argument
 */
export const parseKey = (key: Uint8Array | string, from: string): Uint8Array => {
  const bytes = typeof key === "string" ? Buffer.from(key.trim(), "base64") : key;
  if (bytes instanceof Uint8Array && bytes.length === keyBytes) return bytes;
  const has = bytes instanceof Uint8Array ? `${bytes.length} bytes` : `a ${typeof key}`;
  const message = `The key in ${from} is ${has}. It must be ${keyBytes} bytes, as base64 where it is a text.`;
  throw new ContextbaseError("invalid_argument", message);
};

/** @throws ContextbaseError invalid_argument, storage_unavailable */
export const readKeyFile = (path: string): Uint8Array => {
  try {
    return parseKey(readFileSync(path, "utf8"), path);
  } catch (cause) {
    if (cause instanceof ContextbaseError) throw cause;
    const message = `The key file ${path} cannot be read. Check that it exists and that this user may read it.`;
    throw new ContextbaseError("storage_unavailable", message, { cause, details: { path } });
  }
};

/** Makes a key file, readable by its owner only (mode 0600); one that exists is never written over. */
export const makeKeyFile = (path: string): Uint8Array => {
  const key = randomBytes(keyBytes);
  try {
    writeFileSync(path, `${key.toString("base64")}\n`, { mode: 0o600, flag: "wx", flush: true });
  } catch (cause) {
    const message = `The key file ${path} cannot be made. Check that it does not exist and its folder does.`;
    throw new ContextbaseError("storage_unavailable", message, { cause, details: { path } });
  }
  return key;
};
