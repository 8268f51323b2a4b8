import { ContextbaseError } from "../base/errors.ts";

/** A place in a list as an opaque text. `list` names the list, so that a cursor serves no other one. */
export const encodeCursor = (list: readonly unknown[], place: number): string =>
  Buffer.from(JSON.stringify([...list, place])).toString("base64url");

/** @throws ContextbaseError invalid_cursor */
export const decodeCursor = (list: readonly unknown[], cursor: string): number => {
  const place = placeIn(cursor);
  if (place !== undefined && encodeCursor(list, place) === cursor) return place;
  const message =
    "The cursor is none of this list. Give nextCursor as it came, with the same options, or start anew.";
  throw new ContextbaseError("invalid_cursor", message);
};

const placeIn = (cursor: string): number | undefined => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const place: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
    return typeof place === "number" && Number.isSafeInteger(place) && place >= 0 ? place : undefined;
  } catch {
    return undefined;
  }
};
