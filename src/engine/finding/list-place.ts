import { ContextbaseError } from "../../base/errors.ts";
import { isBodyPath } from "../../model/path.ts";
import type { Order } from "../../search/filter/filter.ts";
import type { ListPlace } from "../port/searching.ts";
import { elementKind } from "./key-values.ts";

export type OrderValue = string | number;

/** Where a page ended, with what its last context was ordered by: kind, number and text, or a field's value. */
export type PlaceAfter = { readonly place: number; readonly values: readonly OrderValue[] };

/** A place as a list gives it to be gone on from. */
export const toListPlace = (place: number, values: readonly OrderValue[]): ListPlace =>
  values.length === 0 ? { place } : { place, value: JSON.stringify(values) };

const parseValues = (value: unknown): unknown => {
  try {
    return typeof value === "string" ? JSON.parse(value) : undefined;
  } catch {
    return undefined;
  }
};

/** A text that a statement can be given; one that was forged may be none. */
const canStand = (value: unknown): boolean =>
  typeof value !== "string" || (value.isWellFormed() && !value.includes("\0"));

const isKind = (value: unknown): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < elementKind;

/**
 * The same read again.
 * @throws ContextbaseError invalid_cursor where no list in this order ended there
 */
export const fromListPlace = (
  after: ListPlace | undefined,
  order: Order | undefined,
): PlaceAfter | undefined => {
  if (!after) return undefined;
  if (!order) return { place: after.place, values: [] };
  const values = parseValues(after.value);
  const field = order.path.root === "id" || order.path.root === "type" ? ["string"] : ["number"];
  const kinds = isBodyPath(order.path) ? ["number", "number", "string"] : field;
  const fits =
    Array.isArray(values) &&
    values.length === kinds.length &&
    values.every((value, at) => typeof value === kinds[at] && canStand(value)) &&
    (!isBodyPath(order.path) || isKind(values[0]));
  if (fits) return { place: after.place, values };
  throw new ContextbaseError("invalid_cursor", "The cursor is none of this list. Start anew.");
};
