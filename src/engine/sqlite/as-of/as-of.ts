import type { Database } from "better-sqlite3-multiple-ciphers";
import { gatherCount } from "../../as-of/gather-count.ts";
import { gatherList } from "../../as-of/gather-list.ts";
import { gatherSearch } from "../../as-of/gather-search.ts";
import type { Gathering } from "../../as-of/gathering.ts";
import { readSubject } from "../../as-of/read-subject.ts";
import { takeStanding } from "../../as-of/take-standing.ts";
import type {
  AsOf,
  CountQuery,
  Key,
  ListPage,
  ListQuery,
  SearchAnswer,
  SearchAsOfQuery,
  StandingPage,
  StandingQuery,
  StoredContext,
} from "../../engine.ts";
import { createReads } from "../reading/read.ts";
import { createVersions, type Versions } from "../reading/versions.ts";
import { createAsOfWalk } from "./walk.ts";

export type IdsAsOf = Key & { readonly ids: readonly string[]; readonly at: number };

/** Reads of what stood at a time, each on one state of the file. They take as long as they take. */
export type AsOfReading = {
  readonly read: (query: IdsAsOf) => (StoredContext | undefined)[];
  readonly list: (query: ListQuery & AsOf) => ListPage | undefined;
  readonly count: (query: CountQuery & AsOf) => number | undefined;
  readonly search: (query: SearchAsOfQuery) => SearchAnswer | undefined;
  readonly standing: (query: StandingQuery) => StandingPage;
};

/** With a copy of the embedding: the memory of which it is a part would go to another thread as a whole. */
const withOwnBytes = (stored: StoredContext | undefined): StoredContext | undefined =>
  stored?.embeddings ? { ...stored, embeddings: new Uint8Array(stored.embeddings) } : stored;

export const createAsOfReading = (database: Database): AsOfReading => {
  const kept = createVersions(database);
  const versions: Versions = { ...kept, asOf: (...asked) => withOwnBytes(kept.asOf(...asked)) };
  const reads = createReads(database, versions);
  const walk = createAsOfWalk(database, versions);

  const gather = <Answer>(
    { tenant, component, at, schemaVersion }: Key & AsOf,
    gathering: Gathering<Answer>,
  ): Answer | undefined => {
    const isWhole = schemaVersion === 0 || !gathering.lifted;
    const type = isWhole ? gathering.walk.type : undefined;
    for (const standing of walk({ tenant, component, at, ...gathering.walk, type })) {
      if (!isWhole && standing.schemaVersion < schemaVersion) return undefined;
      if (!gathering.take(standing)) break;
    }
    return gathering.answer();
  };

  const together = <Query, Answer>(work: (query: Query) => Answer): ((query: Query) => Answer) =>
    database.transaction(work);

  return {
    read: together(({ ids, at, ...key }) => ids.map((id) => reads.asOf({ ...key, id }, at))),
    list: together((query) => gather(query, gatherList(query, readSubject))),
    count: together((query) => gather(query, gatherCount(query, readSubject))),
    search: together((query) => gather(query, gatherSearch(query, readSubject))),
    standing: together((query) => takeStanding(walk(query), query)),
  };
};
