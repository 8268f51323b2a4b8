import { limits } from "../base/limits.ts";
import type { Engine } from "../engine/engine.ts";
import { checkLast, type OnPage, verifyTenant } from "./verify-tenant.ts";

export type MoveProgress = {
  readonly phase: "move" | "verify";
  readonly tenant: string;
  /** Changes of all tenants. */
  readonly done: number;
  readonly total: number;
};

export type MoveOptions = {
  /** Compare only, and write nothing. */
  readonly verifyOnly?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MoveProgress) => void;
};

/** A tenant that is the same in both stores. */
export type MovedTenant = {
  readonly tenant: string;
  /** All its changes, and how many of them this run brought. */
  readonly changes: number;
  readonly moved: number;
  /** The hash of the chain of all its changes: the same of two stores where they hold the same. */
  readonly hash: string;
};

/** A tenant of the source: where the target begins to lack it, and up to where both are to be the same. */
type Share = { readonly tenant: string; readonly start: number; readonly last: number };

/** Tells how far a phase is, and ends it where it is to end. */
type Counter = (tenant: string) => OnPage;

/**
 * Brings one store into another as it is: every version, deletion, time, actor, write id and change position. The
 * source is only read, and may be written to meanwhile. A move that was cut off goes on where it ended; one made
 * again brings what is new. At the end both are read again and compared, tenant by tenant.
 * @throws ContextbaseError stores_differ where the target holds something else of a tenant
 */
export async function* moveStore(
  from: Engine,
  to: Engine,
  { verifyOnly = false, signal, onProgress }: MoveOptions = {},
): AsyncGenerator<MovedTenant> {
  await from.open([]);
  await to.open([]);
  const shares = await findShares(from, to);
  if (!verifyOnly) {
    // All of it is looked at before anything is added to a store that may be another one's.
    for (const { tenant, start } of shares) if (start > 0) await checkLast(from, to, tenant, start);
    await to.noteSchemas(await from.schemaVersions());
    await to.open(await from.components());
  }
  const total = shares.reduce((sum, { last }) => sum + last, 0);
  const counterOf = (phase: MoveProgress["phase"]): Counter => {
    let done = 0;
    return (tenant) => (changes) => {
      done += changes;
      onProgress?.({ phase, tenant, done, total: Math.max(done, total) });
      signal?.throwIfAborted();
    };
  };

  const moving = counterOf("move");
  const arrived: Share[] = [];
  for (const share of shares) {
    const { tenant, last } = share;
    arrived.push(
      verifyOnly ? { tenant, start: last, last } : await copyTenant(from, to, share, moving(tenant)),
    );
  }
  const verifying = counterOf("verify");
  for (const { tenant, start, last } of arrived) {
    const hash = await verifyTenant(from, to, tenant, last, verifying(tenant));
    yield { tenant, changes: last, moved: last - start, hash };
  }
}

const findShares = async (from: Engine, to: Engine): Promise<Share[]> => {
  const shares: Share[] = [];
  for (;;) {
    const tenants = await from.tenants(shares.at(-1)?.tenant ?? "", limits.pageItems);
    if (tenants.length === 0) return shares;
    for (const tenant of tenants) {
      const [start, last] = await Promise.all([to.lastPosition(tenant), from.lastPosition(tenant)]);
      shares.push({ tenant, start, last });
    }
  }
};

/** Copies what the target lacks until the source has no more. */
const copyTenant = async (
  from: Engine,
  to: Engine,
  { tenant, start }: Share,
  onPage: OnPage,
): Promise<Share> => {
  onPage(start);
  let last = start;
  let page = await from.entries(tenant, last, limits.pageItems);
  while (page.length > 0) {
    const copied = page.length;
    last += copied;
    // The next page is read while this one is written.
    const [, next] = await Promise.all([
      to.restore(tenant, page),
      from.entries(tenant, last, limits.pageItems),
    ]);
    page = next;
    onPage(copied);
  }
  return { tenant, start, last };
};
