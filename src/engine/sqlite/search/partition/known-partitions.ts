import { limits } from "../../../../base/limits.ts";
import type { Indexing } from "../../../../model/indexing.ts";
import type { Key } from "../../../engine.ts";
import type { Moment } from "../store/store-reader.ts";
import type { Kept } from "./kept-partition.ts";
import type { Partition } from "./partition.ts";

/** A partition in memory. */
export type Known = {
  readonly kept: Kept;
  readonly indexing: Indexing;
  /** Whether it was searched by text. */
  withTexts: boolean;
  /** When it last had everything; undefined: it is not known whether it has. */
  current: Current | undefined;
};

/** Whose partition had everything at a moment, with its texts or without. */
export type Current = { readonly partition: Partition; readonly at: Moment; readonly withTexts: boolean };

/** The partitions in memory, those that were used last at the end. */
export type KnownPartitions = {
  /** The one of a component, made where it is not known as it is to be indexed now. */
  readonly use: (key: Key, indexing: Indexing, make: () => Kept) => Known;
  readonly find: (key: Key) => Known | undefined;
  /** Those that were used last. The others take in what was written when they are searched again. */
  readonly followed: () => Known[];
  readonly forget: (known: Known | undefined) => void;
  readonly clear: () => void;
};

/** Names a partition: neither tenants nor components hold U+0000. */
export const nameOf = ({ tenant, component }: Key): string => `${component}\0${tenant}`;

export const createKnownPartitions = (): KnownPartitions => {
  const partitions = new Map<string, Known>();

  /** Forgets those that nobody used for longest, while they are too many or take too much memory. */
  const makeRoom = (): void => {
    let bytes = [...partitions.values()].reduce((sum, { kept }) => sum + kept.bytes(), 0);
    for (const [name, { kept }] of partitions) {
      if (bytes <= limits.searchMemoryBytes && partitions.size < limits.searchPartitions) return;
      bytes -= kept.bytes();
      partitions.delete(name);
    }
  };

  return {
    use: (key, indexing, make) => {
      const name = nameOf(key);
      const known = partitions.get(name);
      partitions.delete(name);
      if (known?.indexing === indexing) {
        partitions.set(name, known);
        return known;
      }
      makeRoom();
      const made = { kept: make(), indexing, withTexts: false, current: undefined };
      partitions.set(name, made);
      return made;
    },
    find: (key) => partitions.get(nameOf(key)),
    followed: () => [...partitions.values()].slice(-limits.searchPartitionsFollowed),
    forget: (known) => {
      for (const [name, one] of partitions) if (one === known) partitions.delete(name);
    },
    clear: () => partitions.clear(),
  };
};
