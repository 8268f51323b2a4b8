import { limits } from "../../../../base/limits.ts";
import type { PlanStep } from "../../../../model/searching.ts";
import type { Filter } from "../../../../search/filter/filter.ts";
import { pathsOf } from "../../../../search/filter/paths-of.ts";
import { createPredicate } from "../../../../search/filter/predicate.ts";
import { parseStored } from "../../../in-memory/body-values.ts";
import { isKept, slotsOf } from "../../../in-memory/filter-slots.ts";
import { addSlot, countSlots, keepCommon, listSlots, noSlots, type Slots } from "../../../in-memory/slots.ts";
import type { Partition } from "../partition/partition.ts";
import { readSlots } from "../store/read-slots.ts";
import type { StoreReader } from "../store/store-reader.ts";

/** Which documents a filter leaves, and how that was found. */
export type Filtered = { readonly fits: Slots; readonly count: number; readonly plan: readonly PlanStep[] };

const conjuncts = (filter: Filter): readonly Filter[] => (filter.kind === "and" ? filter.filters : [filter]);

const together = (filters: readonly Filter[]): Filter | undefined =>
  filters.length === 0 ? undefined : { kind: "and", filters };

/** Reads the contexts of these slots, and keeps those that fit. */
const readThrough = (filter: Filter, slots: Slots, partition: Partition, reader: StoreReader): Slots => {
  const fits = createPredicate(filter);
  const roots = new Set(pathsOf(filter).map(({ root }) => root));
  const reading = {
    content: roots.has("content"),
    metadata: roots.has("metadata"),
    embeddings: false,
  };
  const kept = noSlots(slots.length * 32);
  const list = listSlots(slots);
  for (let at = 0; at < list.length; at += limits.searchReadDocuments) {
    const some = list.subarray(at, at + limits.searchReadDocuments);
    const rows = readSlots(partition, some, reader, reading);
    for (const slot of some) {
      const row = rows.get(partition.documents.ids[slot] ?? "");
      if (!row) continue;
      const { id, type, version, created_at: createdAt, updated_at: updatedAt } = row;
      const { schema_version: schemaVersion } = row;
      const content = parseStored(row.content);
      const metadata = parseStored(row.metadata);
      if (fits({ id, type, version, createdAt, updatedAt, content, metadata, schemaVersion }))
        addSlot(kept, slot);
    }
  }
  return kept;
};

const step = (filter: Filter, way: string, contexts: number): PlanStep[] =>
  pathsOf(filter).map(({ text }) => ({ part: "filter", way, path: text, contexts }));

/** The documents that are alive and fit a filter. Paths that are not declared are looked up in the contexts. */
export const filterDocuments = (
  where: Filter | undefined,
  partition: Partition,
  reader: StoreReader,
): Filtered => {
  const { documents } = partition;
  const alive = documents.alive();
  if (!where) return { fits: alive, count: documents.live(), plan: [] };
  const kept = together(conjuncts(where).filter((one) => isKept(one, documents)));
  const rest = together(conjuncts(where).filter((one) => !isKept(one, documents)));
  const fits = kept ? keepCommon(slotsOf(kept, documents), alive) : alive;
  const count = countSlots(fits);
  const plan = kept ? step(kept, "columns in memory", count) : [];
  if (!rest) return { fits, count, plan };
  const found = readThrough(rest, fits, partition, reader);
  const way = kept ? "every context that is left is read" : "every context is read";
  return { fits: found, count: countSlots(found), plan: [...plan, ...step(rest, way, count)] };
};
