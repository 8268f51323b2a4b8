import { v7 } from "uuid";

/** Makes a new identifier. Injected, so that tests can name what they make. */
export type NewId = () => string;

/** UUID version 7 (RFC 9562): ordered by time, so that new rows land beside each other in an index. */
export const newId: NewId = () => v7();
