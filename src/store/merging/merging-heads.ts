import { limits } from "../../base/limits.ts";
import type { StoredContext } from "../../engine/engine.ts";

/** The last version of a context that is on its way: it will stand, unless somebody else's comes first. */
export type Head = {
  /** Its times are not known yet. */
  readonly stored: StoredContext;
  /** The id of the write that makes it. What is made of it names that, and fails where it does not land. */
  readonly write: string;
  /** What landed, with its times; undefined where it did not. It never rejects. */
  readonly landing: Promise<StoredContext | undefined>;
  /** This version and those that it was made of, by number: what others may count on meanwhile. */
  readonly recent: ReadonlyMap<number, StoredContext>;
  /** Stands for all that were made of each other: where one does not land, none after it does. */
  readonly chain: symbol;
};

/**
 * The heads of contexts whose merges are on their way, so that each is made of the one before without waiting for
 * it to be durable: they share one commit. A context has a head only as long as something is on its way.
 */
export type Heads = {
  readonly of: (name: string) => Head | undefined;
  /**
   * @param before the head that it was made of
   * @param known other versions that it was made of
   */
  readonly put: (
    name: string,
    head: Pick<Head, "stored" | "write" | "landing">,
    before: Head | undefined,
    known: readonly StoredContext[],
  ) => void;
  /** Resolves once nothing is on its way. */
  readonly settled: (name: string) => Promise<void>;
};

export const createHeads = (): Heads => {
  const heads = new Map<string, Head>();

  /** Of a chain that broke nothing is to be made any more, whatever of it is on its way still. */
  const leave = (name: string, left: Head, landed: boolean): void => {
    const head = heads.get(name);
    if (head === left || (!landed && head?.chain === left.chain)) heads.delete(name);
  };

  return {
    of: (name) => heads.get(name),
    put: (name, { stored, write, landing }, before, known) => {
      const recent = new Map(
        [...(before?.recent.values() ?? []), ...known, stored].map((one) => [one.version, one]),
      );
      for (const version of recent.keys()) {
        if (recent.size <= limits.mergedVersions) break;
        recent.delete(version);
      }
      const head = { stored, write, landing, recent, chain: before?.chain ?? Symbol(name) };
      heads.set(name, head);
      landing.then((landed) => leave(name, head, landed !== undefined));
    },
    settled: async (name) => {
      for (let head = heads.get(name); head; head = heads.get(name)) await head.landing;
    },
  };
};
