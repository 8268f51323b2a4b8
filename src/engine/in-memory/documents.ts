import type { Indexing } from "../../model/indexing.ts";
import type { Path } from "../../model/path.ts";
import { type Column, createColumn, type Value } from "./column.ts";
import { createThreads, type Threads } from "./document-threads.ts";
import { type AnyNumbers, anyNumbers, push } from "./number-list.ts";
import { addSlot, noSlots, removeSlot, type Slots, withRoom } from "./slots.ts";

/** What is kept of a context in one version, beside its text and its vector. */
export type Document = {
  readonly id: string;
  readonly version: number;
  readonly place: number;
  /** Its row's number in the engine's table, where the engine has such; it may have become that of another since. */
  readonly row?: number | undefined;
  readonly type: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly schemaVersion: number;
  /** At each path that the component declares, in its order. */
  readonly values: readonly Value[];
};

/**
 * The documents of one partition in memory. Each version of a context takes a slot of its own, 0, 1, 2…, and the slot
 * of the version before it dies.
 */
export type Documents = {
  /** How many slots were given. */
  readonly size: () => number;
  readonly live: () => number;
  /** The slots that are alive, with room for more than `size`. */
  readonly alive: () => Slots;
  readonly ids: readonly string[];
  readonly versions: AnyNumbers;
  readonly places: AnyNumbers;
  /** 0 where it is not known. */
  readonly rows: AnyNumbers;
  readonly createdAt: AnyNumbers;
  readonly updatedAt: AnyNumbers;
  readonly schemaVersions: AnyNumbers;
  readonly types: Column;
  /** By the text of the path. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Undefined where the component declares none. */
  readonly threads: Threads | undefined;
  /** The slot of the version that is current; undefined where there is none. */
  readonly slotOf: (id: string) => number | undefined;
  /** @returns its slot */
  readonly add: (document: Document) => number;
  /** @returns the slot that died; undefined where there was none */
  readonly kill: (id: string) => number | undefined;
};

export const createDocuments = (
  paths: readonly Path[],
  indexing: Pick<Indexing, "thread" | "order">,
): Documents => {
  const ids: string[] = [];
  const [versions, places, createdAt, updatedAt] = [anyNumbers(), anyNumbers(), anyNumbers(), anyNumbers()];
  const [rows, schemaVersions] = [anyNumbers(), anyNumbers()];
  const types = createColumn();
  const columns = paths.map(createColumn);
  const threads = createThreads(indexing, paths);
  const slots = new Map<string, number>();
  let alive = noSlots(0);

  const kill = (id: string): number | undefined => {
    const slot = slots.get(id);
    if (slot === undefined) return undefined;
    slots.delete(id);
    removeSlot(alive, slot);
    threads?.remove(slot);
    return slot;
  };

  const add = (document: Document): number => {
    kill(document.id);
    const slot = ids.push(document.id) - 1;
    push(versions, document.version);
    push(places, document.place);
    push(rows, document.row ?? 0);
    push(createdAt, document.createdAt);
    push(updatedAt, document.updatedAt);
    push(schemaVersions, document.schemaVersion);
    types.add(document.type);
    for (const [at, column] of columns.entries()) column.add(document.values[at]);
    slots.set(document.id, slot);
    alive = withRoom(alive, ids.length);
    addSlot(alive, slot);
    threads?.add(slot, document.values, document.place);
    return slot;
  };

  return {
    size: () => ids.length,
    live: () => slots.size,
    alive: () => alive,
    ids,
    versions,
    places,
    rows,
    createdAt,
    updatedAt,
    schemaVersions,
    types,
    columns: new Map(paths.map(({ text }, at) => [text, columns[at] ?? createColumn()])),
    threads,
    slotOf: (id) => slots.get(id),
    add,
    kill,
  };
};
