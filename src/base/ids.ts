import { randomUUID } from "node:crypto";

/** Makes a new identifier. Injected, so that tests can name what they make. */
export type NewId = () => string;

/**
 * UUID version 7 (RFC 9562, 5.7): 48 bits of time in milliseconds, then random ones, so that new rows land beside
 * each other in an index. It is made of a version 4 UUID, whose last 76 bits it keeps.
 */
export const newId: NewId = () => {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};
