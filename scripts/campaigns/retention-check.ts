import { type Contextbase, ContextbaseError, defineComponent } from "../../src/index.ts";
import type { ManualClock } from "../../src/testing/manual-clock.ts";
import { versionsToRemove } from "../../src/versioning/retention.ts";
import type { Random } from "./random.ts";

const hour = 60 * 60 * 1_000;
const day = 24 * hour;

const Newest = defineComponent({ name: "Newest", retention: { versions: 40 } });
const Recent = defineComponent({ name: "Recent", retention: { versions: 2, for: "3 days" } });
const Thinned = defineComponent({
  name: "Thinned",
  retention: {
    thin: [
      { within: "6 hours", keep: "all" },
      { within: "4 days", keep: "hourly" },
      { within: "20 days", keep: "daily" },
      { keep: "monthly" },
    ],
  },
});

export const retentionComponents = [Newest, Recent, Thinned] as const;
type Kept = (typeof retentionComponents)[number];

/** A version as it was written; its body is undefined where it is a deletion. */
type Version = {
  readonly version: number;
  readonly at: number;
  readonly text: string | undefined;
  readonly expiresAt: number | undefined;
  removed: boolean;
};

const nameOf = (component: Kept, id: string): string => `${component.name} ${id}`;

/** Does a random thing each time it is called, and tells what was not as it should be. */
export const createRetentionCheck = (base: Contextbase, clock: ManualClock, random: Random) => {
  const whole = (least: number, most: number): number => least + random.below(most - least + 1);
  const chance = (share: number): boolean => random.below(1_000) < share * 1_000;
  const model = new Map<string, Version[]>();
  let removedAll = 0;
  const versionsOf = (component: Kept, id: string): Version[] => {
    const name = nameOf(component, id);
    const versions = model.get(name) ?? [];
    model.set(name, versions);
    return versions;
  };
  const isThere = (version: Version | undefined, at: number): boolean =>
    version?.text !== undefined && (version.expiresAt === undefined || version.expiresAt > at);

  const write = async (component: Kept, id: string): Promise<undefined> => {
    const versions = versionsOf(component, id);
    for (let left = whole(1, 12); left > 0; left--) {
      const text = `${versions.length} ${"word ".repeat(whole(0, chance(0.05) ? 9_000 : 60))}`;
      const expiresAt = chance(0.1) ? clock() + whole(1, 40) * hour : undefined;
      const times = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) };
      const stored = await base.store(component).storeContext({ id, type: "t", content: { text }, ...times });
      versions.push({
        version: stored.version,
        at: stored.updatedAt.getTime(),
        text,
        expiresAt,
        removed: false,
      });
      clock.advance(whole(0, 2 * hour));
    }
    return undefined;
  };

  const erase = async (component: Kept, id: string): Promise<string | undefined> => {
    const versions = versionsOf(component, id);
    const last = versions.at(-1);
    const there = isThere(last, clock());
    const deleted = await base.store(component).deleteContext(id);
    const at = Math.max(clock(), (last?.at ?? 0) + 1);
    const version = versions.length + 1;
    if (deleted) versions.push({ version, at, text: undefined, expiresAt: undefined, removed: false });
    return deleted === there ? undefined : `delete ${nameOf(component, id)} gives ${deleted}, not ${there}`;
  };

  const sweep = async (): Promise<string | undefined> => {
    const now = clock();
    let expired = 0;
    let removed = 0;
    for (const component of retentionComponents) {
      for (const [name, versions] of model) {
        if (!name.startsWith(`${component.name} `)) continue;
        const last = versions.at(-1);
        if (last?.text !== undefined && !isThere(last, now)) {
          const at = Math.max(now, last.at + 1);
          versions.push({
            version: versions.length + 1,
            at,
            text: undefined,
            expiresAt: undefined,
            removed: false,
          });
          expired++;
        }
        const standing = versions
          .map(({ version, at, removed }, index) => ({
            version,
            at,
            removed,
            supersededAt: versions[index + 1]?.at,
          }))
          .filter((one) => !one.removed);
        for (const version of component.retention
          ? versionsToRemove(component.retention, standing, now)
          : []) {
          const one = versions[version - 1];
          if (one) one.removed = true;
          removed++;
        }
      }
    }
    removedAll += removed;
    const did = await base.prune({ tenants: ["default"] });
    if (did.removed === removed && did.expired === expired) return undefined;
    return `the sweep tells ${JSON.stringify(did)}, not ${removed} removed and ${expired} expired`;
  };

  const outcome = async (read: Promise<{ content: { text?: unknown } } | undefined>): Promise<unknown> => {
    try {
      return (await read)?.content.text;
    } catch (cause) {
      return cause instanceof ContextbaseError ? cause.code : cause;
    }
  };

  const expect = (what: string, got: unknown, wanted: unknown): string | undefined =>
    JSON.stringify(got) === JSON.stringify(wanted)
      ? undefined
      : `${what}: ${JSON.stringify(got)?.slice(0, 80)}, not ${JSON.stringify(wanted)?.slice(0, 80)}`;

  const readOne = async (component: Kept, id: string): Promise<string | undefined> => {
    const versions = versionsOf(component, id);
    const store = base.store(component);
    const name = nameOf(component, id);
    const version = whole(1, versions.length + 1);
    const one = versions[version - 1];
    const wanted = one?.removed ? "version_removed" : one?.text;
    const byNumber = expect(
      `${name} version ${version}`,
      await outcome(store.retrieveContext(id, { version })),
      wanted,
    );
    if (byNumber) return byNumber;
    const at = clock() - whole(0, 40 * day);
    const stood = at >= clock() ? versions.at(-1) : versions.findLast((one) => one.at <= at);
    const told = stood?.removed ? "version_removed" : isThere(stood, at) ? stood?.text : undefined;
    const asOf = outcome(store.retrieveContext(id, { asOf: new Date(at) }));
    return expect(`${name} as of ${new Date(at).toISOString()}`, await asOf, told);
  };

  const readAll = async (component: Kept, id: string): Promise<string | undefined> => {
    const store = base.store(component);
    const { versions } = await store.history(id, { limit: 1_000 });
    const kept = versionsOf(component, id).filter(({ removed }) => !removed);
    const numbers = versions.map(({ version }) => version).reverse();
    const history = expect(
      `history of ${id}`,
      numbers,
      kept.map(({ version }) => version),
    );
    if (history) return history;
    const there = [...model].filter(
      ([name, versions]) => name.startsWith(`${component.name} `) && isThere(versions.at(-1), clock()),
    );
    const listed = (await store.listContexts({ limit: 1_000 })).contexts.map((one) =>
      nameOf(component, one.id),
    );
    return (
      expect("list", listed.sort(), there.map(([name]) => name).sort()) ??
      expect("count", await store.countContexts(), there.length)
    );
  };

  const step = async (): Promise<string | undefined> => {
    const component = random.pick(retentionComponents);
    const id = `c${whole(0, 11)}`;
    if (chance(0.2)) return write(component, id);
    if (chance(0.05)) return erase(component, id);
    if (chance(0.05)) return sweep();
    if (chance(0.1)) clock.advance(whole(1, day));
    return chance(0.1) ? readAll(component, id) : readOne(component, id);
  };

  return { step, told: (): string => `${removedAll} versions removed` };
};
