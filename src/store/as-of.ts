import { gatherCount } from "../engine/as-of/gather-count.ts";
import { gatherList } from "../engine/as-of/gather-list.ts";
import { gatherPages } from "../engine/as-of/gather-pages.ts";
import type { Gathering } from "../engine/as-of/gathering.ts";
import type { ReadSubject } from "../engine/as-of/read-subject.ts";
import type { CountQuery, Engine, Key, ListPage, ListQuery } from "../engine/engine.ts";
import type { Component } from "../model/component.ts";
import { decodeContext } from "./decode.ts";
import { subjectOf } from "./subject.ts";

/** Questions about what stood at a time that is past. Times are milliseconds. */
export type Past = {
  readonly list: (query: ListQuery, at: number) => Promise<ListPage>;
  readonly count: (query: CountQuery, at: number) => Promise<number>;
};

/**
 * The engine answers, unless content of an older schema version is to be looked into: upgrades are functions of this
 * thread. Then the same is gathered here, of content that was upgraded.
 */
export const createPast = (component: Component, engine: Engine): Past => {
  const { upgrades, schemaVersion } = component;
  const when = (at: number) => ({ at, schemaVersion: upgrades ? schemaVersion : 0 });
  const read: ReadSubject = (stored) => subjectOf(decodeContext(component, stored));

  const gather = async <Answer>(
    { tenant, component }: Key,
    at: number,
    gathering: Gathering<Answer>,
  ): Promise<Answer> => {
    const walk = { ...gathering.walk, type: undefined, bodies: true };
    const answer = await gatherPages(
      engine.standing,
      { tenant, component, at, schemaVersion: 0 },
      { ...gathering, walk },
    );
    return answer ?? gathering.answer();
  };

  return {
    list: async (query, at) =>
      (await engine.listAsOf({ ...query, ...when(at) })) ?? gather(query, at, gatherList(query, read)),
    count: async (query, at) =>
      (await engine.countAsOf({ ...query, ...when(at) })) ?? gather(query, at, gatherCount(query, read)),
  };
};
