import type { Clock } from "../../base/clock.ts";
import { gatherCount } from "../../engine/as-of/gather-count.ts";
import { gatherList } from "../../engine/as-of/gather-list.ts";
import { gatherPages } from "../../engine/as-of/gather-pages.ts";
import { gatherSearch } from "../../engine/as-of/gather-search.ts";
import type { Gathering } from "../../engine/as-of/gathering.ts";
import type { ReadSubject } from "../../engine/as-of/read-subject.ts";
import type { Engine, Key } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { decodeContext } from "../decode.ts";
import { subjectOf } from "../subject.ts";

/** The reads of a store: of what is current, or of what stood at a time. */
export type Reads = Pick<Engine, "read" | "list" | "count" | "search">;

/**
 * The same reads as of a time that is past. The engine answers, unless content of an older schema version is to be looked
 * into: upgrades are functions of this thread. Then the same is gathered here, of content that was upgraded.
 */
const readsAt = (component: Component, engine: Engine, at: number): Reads => {
  const { upgrades, indexing } = component;
  const when = { at, schemaVersion: upgrades ? component.schemaVersion : 0 };
  const read: ReadSubject = (stored) => subjectOf(decodeContext(component, stored));

  const gather = async <Answer>(
    { tenant, component }: Key,
    gathering: Gathering<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> => {
    const walk = { ...gathering.walk, type: undefined, bodies: true };
    const key = { tenant, component, at, schemaVersion: 0 };
    const answer = await gatherPages(engine.standing, key, { ...gathering, walk }, signal);
    return answer ?? gathering.answer();
  };

  return {
    read: (key, ids) => engine.readAsOf(key, ids, at),
    list: async (query) =>
      (await engine.listAsOf({ ...query, ...when })) ?? gather(query, gatherList(query, read)),
    count: async (query) =>
      (await engine.countAsOf({ ...query, ...when })) ?? gather(query, gatherCount(query, read)),
    search: async (query) => {
      const asked = { ...query, ...when, indexing };
      return (await engine.searchAsOf(asked)) ?? gather(query, gatherSearch(asked, read), query.signal);
    },
  };
};

/** Which reads answer what is asked as of a time: at or after now, or where none is given, those of what is current. */
export const createReadsOf =
  (component: Component, engine: Engine, clock: Clock) =>
  (at: number | undefined): Reads =>
    at !== undefined && at < clock() ? readsAt(component, engine, at) : engine;
