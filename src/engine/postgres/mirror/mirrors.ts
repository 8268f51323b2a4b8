import { LRUCache } from "lru-cache";
import { stopwatch } from "../../../base/clock.ts";
import { limits } from "../../../base/limits.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { Key, SearchQuery } from "../../engine.ts";
import type { Run } from "../connection/run.ts";
import { createMirrorBuilding } from "./build-mirror.ts";
import { type Answer, createConfirmedSearch } from "./confirmed-search.ts";
import type { Mirror } from "./mirror.ts";
import { createMirrorStatements } from "./mirror-statements.ts";
import { canAnswer } from "./nearest.ts";

/** Searches by vector from this process's memory, of what is searched again and again and is not large. */
export type Mirrors = {
  /**
   * @returns undefined where the server is to search: what is asked for is not known here, or not any more
   * @throws ContextbaseError storage_…
   */
  readonly search: (query: SearchQuery) => Promise<Answer | undefined>;
  readonly close: () => Promise<void>;
};

/** A component of a tenant that is searched by vector. */
type Searched = {
  readonly key: Key;
  mirror: Mirror | undefined;
  /** Whether the mirror has to be caught up before it is asked. */
  behind: boolean;
  /** Searches since it was last worked at. */
  searches: number;
  /** When it may be worked at again, by the stopwatch. */
  from: number;
};

const nameOf = ({ tenant, component }: Key): string => `${component}\0${tenant}`;

/**
 * @param schema quoted
 * @param mostBytes memory of all of them
 */
export const createMirrors = (
  schema: string,
  run: Run,
  indexingOf: (component: string) => Indexing | undefined,
  mostBytes: number,
): Mirrors => {
  const statements = createMirrorStatements(schema);
  const searchIn = createConfirmedSearch(statements, run);
  const searched = new LRUCache<string, Searched>({ max: limits.mirrors });
  let closing = false;
  let working: Promise<void> | undefined;
  // With half as much for contexts one has room for certain.
  const mostOfOne = Math.min(limits.mirrorBytes, Math.floor((mostBytes * 2) / 3));
  const { build, catchUp } = createMirrorBuilding(statements, run, mostOfOne, () => !closing);

  const forget = (one: Searched, pauseMilliseconds: number): void => {
    one.mirror = undefined;
    one.from = stopwatch() + pauseMilliseconds;
  };

  /** Those that were not searched for longest go first; so that they do not take turns, they stay away for a while. */
  const makeRoom = (): void => {
    let left = mostBytes;
    for (const one of searched.values()) {
      left -= one.mirror?.allBytes() ?? 0;
      if (one.mirror && left < 0) forget(one, limits.mirrorPauseMilliseconds);
    }
  };

  const work = async (one: Searched, indexing: Indexing): Promise<void> => {
    const { mirror, behind } = one;
    const caughtUp = behind && mirror !== undefined && (await catchUp(mirror));
    const made = caughtUp ? mirror : await build(one.key, indexing);
    one.mirror = made;
    one.behind = false;
    if (!made) forget(one, limits.mirrorPauseMilliseconds);
    makeRoom();
  };

  /** One at a time. What fails is met, and named, by the searches that go on as if there were none. */
  const begin = (one: Searched, indexing: Indexing): void => {
    if (working || closing || stopwatch() < one.from) return;
    one.searches = 0;
    working = work(one, indexing)
      .catch(() => forget(one, limits.mirrorPauseMilliseconds))
      .finally(() => {
        working = undefined;
      });
  };

  const entryOf = (key: Key): Searched => {
    const name = nameOf(key);
    const { tenant, component } = key;
    const known: Searched = searched.get(name) ?? {
      key: { tenant, component },
      ...{ mirror: undefined, behind: false, searches: 0, from: 0 },
    };
    searched.set(name, known);
    return known;
  };

  const earn = (one: Searched, indexing: Indexing): void => {
    one.searches += 1;
    if (one.searches >= limits.mirrorSearches) begin(one, indexing);
  };

  return {
    search: async (query) => {
      const { component, vector } = query;
      const indexing = indexingOf(component);
      if (mostBytes === 0 || !vector || indexing?.dimensions === undefined) return undefined;
      const one = entryOf(query);
      // It was opened anew, and may be searched in another way.
      if (one.mirror && one.mirror.indexing !== indexing) one.mirror = undefined;
      const { mirror } = one;
      if (!mirror || one.behind) {
        earn(one, indexing);
        return undefined;
      }
      if (!canAnswer(mirror, { ...query, vector })) return undefined;
      const outcome = await searchIn(mirror, { ...query, vector });
      if (outcome === "lost" && one.mirror === mirror) forget(one, limits.mirrorLostMilliseconds);
      if (outcome === "behind") one.behind = true;
      if (outcome === "lost" || outcome === "behind") return undefined;
      if (mirror.isWorn() || mirror.bytes() > mostOfOne) begin(one, indexing);
      return outcome;
    },
    close: async () => {
      closing = true;
      await working;
      searched.clear();
    },
  };
};
