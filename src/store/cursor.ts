import { createHash } from "node:crypto";
import { ContextbaseError } from "../base/errors.ts";
import type { ListPlace } from "../engine/engine.ts";

/** A place in a list as an opaque text. `list` names the list, so that a cursor serves no other one. */
export const encodeCursor = (list: readonly unknown[], { place, value }: ListPlace): string =>
  Buffer.from(JSON.stringify([...list, value === undefined ? place : [place, value]])).toString("base64url");

/** @throws ContextbaseError invalid_cursor */
export const decodeCursor = (list: readonly unknown[], cursor: string): ListPlace => {
  const place = typeof cursor === "string" ? placeIn(cursor) : undefined;
  if (place !== undefined && encodeCursor(list, place) === cursor) return place;
  const message =
    "The cursor is none of this list. Give nextCursor as it came, with the same options, or start anew.";
  throw new ContextbaseError("invalid_cursor", message);
};

/** Of what is asked, enough to tell it from all else that is. */
export const digestOf = (asked: unknown): string =>
  createHash("sha256").update(JSON.stringify(asked)).digest("base64url").slice(0, digestCharacters);

/** 132 bits. */
const digestCharacters = 22;

const placeIn = (cursor: string): ListPlace | undefined => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const last: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
    const [place, value]: readonly unknown[] = Array.isArray(last) ? last : [last];
    if (typeof place !== "number" || !Number.isSafeInteger(place) || place < 0) return undefined;
    return typeof value === "string" ? { place, value } : { place };
  } catch {
    return undefined;
  }
};
