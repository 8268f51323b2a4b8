import type { Key } from "../../../engine.ts";
import type { Documents } from "../../../in-memory/documents.ts";
import type { DocumentRow, Reading, StoreReader } from "./store-reader.ts";

/** Of so many changes in a row one at least is looked for. */
const scatter = 4;

/**
 * What stands of some slots that are alive, by id. Most were given in the order of their places, which is that of the
 * file, so those are read at once.
 */
export const readSlots = (
  { key, documents }: { readonly key: Key; readonly documents: Documents },
  slots: ArrayLike<number>,
  reader: StoreReader,
  reading: Reading,
): ReadonlyMap<string, DocumentRow> => {
  const found = new Map<string, DocumentRow>();
  const placeOf = (slot: number | undefined): number => documents.places.array[slot ?? 0] ?? 0;
  const [first, last] = [placeOf(slots[0]), placeOf(slots[slots.length - 1])];
  if (last - first < slots.length * scatter)
    for (const row of reader.documents(key, first - 1, last, slots.length, reading)) found.set(row.id, row);
  for (let at = 0; at < slots.length; at++) {
    const id = documents.ids[slots[at] ?? 0] ?? "";
    const row = found.has(id) ? undefined : reader.document(key, id, reading);
    if (row) found.set(id, row);
  }
  return found;
};
