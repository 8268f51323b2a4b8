import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import type { Engine, Entry } from "../engine/engine.ts";
import { removedEntry } from "../engine/versions/removed-entry.ts";
import { chain, chainStart } from "./chain.ts";

/** Told after each page how many changes it held. */
export type OnPage = (changes: number) => void;

/** What retention removed in the source since it was copied cannot be compared any more, but that it was written can. */
const comparable = (ours: Entry, theirs: Entry): [Entry, Entry] =>
  ours.removed && !theirs.removed ? [ours, removedEntry(theirs.change)] : [ours, theirs];

/**
 * Reads a tenant's changes again from both stores and compares them, bodies included.
 * @param last the position up to which they are to be the same
 * @returns the hash of the chain of all of them, in hexadecimal
 * @throws ContextbaseError stores_differ, naming the first position at which they are not
 */
export const verifyTenant = async (
  from: Engine,
  to: Engine,
  tenant: string,
  last: number,
  onPage: OnPage,
): Promise<string> => {
  let hash = chainStart;
  for (let done = 0; done < last; ) {
    const limit = Math.min(limits.pageItems, last - done);
    const [ours, theirs] = await Promise.all([
      from.entries(tenant, done, limit),
      to.entries(tenant, done, limit),
    ]);
    // Two engines may end a page at different places.
    const both = Math.min(ours.length, theirs.length);
    for (const [index, entry] of ours.slice(0, both || 1).entries()) {
      const there = theirs[index];
      const [one, other] = there ? comparable(entry, there) : [entry];
      const next = chain(hash, one);
      if (!other || !chain(hash, other).equals(next)) throw storesDiffer(tenant, done + index + 1, !other);
      hash = next;
    }
    if (both === 0) throw storesDiffer(tenant, done + 1, true);
    done += both;
    onPage(both);
  }
  return hash.toString("hex");
};

/**
 * Makes sure that what a store holds of a tenant is what another one has, by its last change.
 * @throws ContextbaseError stores_differ
 */
export const checkLast = async (from: Engine, to: Engine, tenant: string, last: number): Promise<void> => {
  const [ours, theirs] = await Promise.all([
    from.entries(tenant, last - 1, 1),
    to.entries(tenant, last - 1, 1),
  ]);
  const [our, their] = [ours[0], theirs[0]];
  const [one, other] = our && their ? comparable(our, their) : [];
  if (!one || !other || !chain(chainStart, one).equals(chain(chainStart, other))) {
    throw storesDiffer(tenant, last, false);
  }
};

const storesDiffer = (tenant: string, position: number, missing: boolean): ContextbaseError => {
  const change = `Change ${position} of tenant ${JSON.stringify(tenant)}`;
  const message = missing
    ? `${change} is missing in the store that was moved to. Move again to bring it.`
    : `${change} is not the same in both stores: what is moved to was written to, or is another store's. ` +
      "Move into a store that has nothing of this tenant.";
  return new ContextbaseError("stores_differ", message, { details: { tenant, position } });
};
