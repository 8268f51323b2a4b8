import type { Clock } from "../../base/clock.ts";
import { limits } from "../../base/limits.ts";
import { isStanding } from "../../engine/as-of/standing.ts";
import type { Candidate, Engine, Key, ListPage, SearchAnswer, StoredContext } from "../../engine/engine.ts";

const nameOf = ({ tenant, component }: Key): string => `${component}\0${tenant}`;

/** Whether a list of candidates has as many as were wanted, or all that there are. */
const isEnough = (kept: readonly Candidate[], all: readonly Candidate[], wanted: number, asked: number) =>
  kept.length >= wanted || all.length < asked;

/**
 * The same engine as if what expired were gone: reads by id, lists, counts and searches of what is current do without
 * it, from that moment on. Nothing is written for it; the sweeper makes deletions of it later. A version that is asked
 * for by its number can be read all the same, as one that was deleted can.
 */
export const withExpiry = (engine: Engine, clock: Clock): Engine => {
  // Components of tenants of whom something was met that expired: only there a search takes care not to find it.
  const met = new Set<string>();

  const standing = (key: Key, stored: StoredContext | undefined): StoredContext | undefined => {
    if (stored === undefined || isStanding(stored.expiresAt, clock())) return stored;
    met.add(nameOf(key));
    return undefined;
  };

  const onlyStanding = (key: Key, page: ListPage): readonly StoredContext[] => {
    const contexts = page.contexts.filter((stored) => standing(key, stored));
    return contexts.length === page.contexts.length ? page.contexts : contexts;
  };

  /** A page is filled up again from what follows it. */
  const list: Engine["list"] = async (query) => {
    let page = await engine.list(query);
    let contexts = onlyStanding(query, page);
    if (contexts === page.contexts) return page;
    let asked = query.limit;
    while (page.next && contexts.length < query.limit) {
      const endedEarly = page.contexts.length < asked;
      if (endedEarly && contexts.length > 0) break;
      asked = query.limit - contexts.length;
      page = await engine.list({ ...query, after: page.next, limit: asked });
      contexts = [...contexts, ...onlyStanding(query, page)];
    }
    return { ...page, contexts };
  };

  const searchCarefully: Engine["search"] = async (query) => {
    const { tenant, component, limit } = query;
    const asked = { tenant, components: [component], now: clock(), limit: limits.expiredContexts };
    const expired = await engine.expired(asked);
    if (expired.length === 0) met.delete(nameOf(query));
    const gone = new Set(expired.map(({ id }) => id));
    const kept = (candidates: readonly Candidate[]) => candidates.filter(({ id }) => !gone.has(id));
    for (let more = limit; ; more = Math.min(more * 4, limit + gone.size)) {
      const answer = await engine.search({ ...query, limit: more, fused: undefined });
      const [byText, byVector] = [kept(answer.byText), kept(answer.byVector)];
      const enough =
        isEnough(byText, answer.byText, limit, more) && isEnough(byVector, answer.byVector, limit, more);
      if (!enough && more < limit + gone.size) continue;
      return { ...answer, byText: byText.slice(0, limit), byVector: byVector.slice(0, limit) };
    }
  };

  const brings = (key: Key, { byText, byVector }: SearchAnswer): boolean =>
    [byText, byVector].some((found) => found.some(({ context }) => context && !standing(key, context)));

  return {
    ...engine,
    list,
    read: async (key, ids) => (await engine.read(key, ids)).map((stored) => standing(key, stored)),
    count: (query) => engine.count({ ...query, now: clock() }),
    search: async (query) => {
      if (met.has(nameOf(query))) return searchCarefully(query);
      const answer = await engine.search(query);
      return query.brings && brings(query, answer) ? searchCarefully(query) : answer;
    },
  };
};
