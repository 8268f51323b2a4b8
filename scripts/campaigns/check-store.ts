import Database from "better-sqlite3-multiple-ciphers";
import type { Contextbase } from "../../src/index.ts";
import { contentOf, type Intent, key, type Outcome, Thing } from "./journal.ts";

const sameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export type Tally = { contexts: number; versions: number; landed: number; absent: number };

/** What was written to a store, as its writers told it. */
export type Journal = {
  readonly intents: ReadonlyMap<string, Intent>;
  readonly outcomes: ReadonlyMap<string, Outcome>;
};

/**
 * Compares a store with the journal of its writers through the library: every acknowledged write stands as it
 * was acknowledged, every other one wholly or not at all, and every version is somebody's write.
 * @returns what is wrong, one line each
 */
export const checkStore = async (base: Contextbase, journal: Journal, tally: Tally): Promise<string[]> => {
  const { intents, outcomes } = journal;
  const wrong: string[] = [];
  const view = base.as({ id: "checker", tenant: "campaign" });
  const things = view.store(Thing);
  /** The versions that the store says each write made. */
  const made = new Map<string, Map<string, number>>();

  for (const intent of intents.values()) {
    const outcome = outcomes.get(intent.write);
    const found = await view.findWrite(intent.write);
    const changes = found?.changes ?? [];
    made.set(intent.write, new Map(changes.map(({ id, version }) => [id, version])));
    const versions = changes.map(({ version }) => version);
    if (outcome?.kind === "acknowledged") {
      if (!sameJson(versions, outcome.versions)) {
        wrong.push(`${intent.write} was acknowledged as ${outcome.versions}, and is ${versions}`);
      }
      continue;
    }
    if (outcome?.kind === "refused" && found) wrong.push(`${intent.write} was refused, and is there`);
    if (found) tally.landed++;
    else tally.absent++;
    const ids = changes.map(({ id }) => id);
    if (found && !sameJson(ids, intent.ids)) wrong.push(`${intent.write} is there in part: ${ids}`);
  }

  const ids = new Set([...intents.values()].flatMap((intent) => intent.ids));
  tally.contexts = ids.size;
  tally.versions = 0;
  for (const id of ids) {
    let expected: number | undefined;
    let later = Number.POSITIVE_INFINITY;
    let cursor: string | undefined;
    do {
      const page = await things.history(id, { limit: 100, cursor });
      cursor = page.nextCursor;
      for (const { version, at, operation } of page.versions) {
        tally.versions++;
        if (expected !== undefined && version !== expected)
          wrong.push(`${id} has ${version} for ${expected}`);
        if (at.getTime() >= later) wrong.push(`${id} ${version} is not before the version after it`);
        expected = version - 1;
        later = at.getTime();
        const context = await things.retrieveContext(id, { version });
        if (operation === "delete") {
          if (context) wrong.push(`${id} ${version} is deleted and there`);
          continue;
        }
        const { write, index } = context?.content ?? {};
        const intent = intents.get(String(write));
        if (!context || !intent || intent.ids[Number(index)] !== id) {
          wrong.push(`${id} ${version} is nobody's write: ${String(write)}`);
          continue;
        }
        if (!sameJson(context.content, contentOf(intent.write, Number(index), intent.bytes))) {
          wrong.push(`${id} ${version} is torn`);
        }
        if (made.get(intent.write)?.get(id) !== version) wrong.push(`${id} ${version} is not in its write`);
      }
    } while (cursor !== undefined);
    if (expected !== undefined && expected !== 0) wrong.push(`${id} begins at ${expected + 1}`);
    const [newest] = (await things.history(id, { limit: 1 })).versions;
    const current = await things.retrieveContext(id);
    const stands = newest?.operation === "store" ? newest.version : undefined;
    if (current?.version !== stands) wrong.push(`${id} reads as ${current?.version}, history says ${stands}`);
  }
  return wrong;
};

/** Checks of the file itself: each query finds what is wrong. */
const queries: Readonly<Record<string, string>> = {
  "a gap in the change log": `
    SELECT tenant, count(*) n, min(position), max(position) last FROM changes GROUP BY tenant
    HAVING min(position) != 1 OR n != last OR last != (SELECT position FROM tenants t WHERE t.tenant = changes.tenant)`,
  "a change without its version": `
    SELECT c.* FROM changes c LEFT JOIN everything v USING (tenant, component, id, version)
    WHERE v.id IS NULL OR v.type != c.type OR v.updated_at != c.at OR v.actor != c.actor
      OR (c.operation = 'delete') != v.deleted`,
  "a version without its change": `
    SELECT v.* FROM everything v LEFT JOIN changes c USING (tenant, component, id, version) WHERE c.id IS NULL`,
  "a version twice": `
    SELECT tenant, component, id, version FROM everything GROUP BY 1, 2, 3, 4 HAVING count(*) > 1`,
  "a gap in a history": `
    SELECT tenant, component, id, count(*) n, max(version) last FROM everything GROUP BY 1, 2, 3
    HAVING n != last OR min(version) != 1`,
  "a current version that is not the last": `
    SELECT c.id FROM contexts c JOIN versions v USING (tenant, component, id) WHERE v.version >= c.version`,
  "a time that does not rise": `
    SELECT one.id, one.version FROM everything one JOIN everything next
      ON next.tenant = one.tenant AND next.component = one.component AND next.id = one.id
      AND next.version = one.version + 1
    WHERE next.updated_at <= one.updated_at`,
  "a write whose changes are not its own": `
    SELECT w.write FROM writes w JOIN changes c
      ON c.tenant = w.tenant AND c.position > w.position - w.count AND c.position <= w.position
    WHERE c.write != w.write`,
  "changes of no write": `
    SELECT tenant, (SELECT sum(count) FROM writes w WHERE w.tenant = t.tenant) n, position FROM tenants t
    WHERE n != position`,
  "a place that is not that of the first change": `
    SELECT c.id FROM contexts c JOIN changes f USING (tenant, component, id)
    WHERE f.version = 1 AND f.position != c.place`,
};

/** @returns what is wrong in the file, one line each */
export const checkFile = (path: string): string[] => {
  const database = new Database(path);
  try {
    database.pragma("cipher = 'aegis'");
    database.key(Buffer.from(`raw:${key.toString("hex")}`));
    database.pragma("temp_store = MEMORY");
    database.exec(`CREATE TEMP TABLE everything AS
      SELECT tenant, component, id, version, deleted, type, updated_at, actor FROM main.contexts
      UNION ALL SELECT tenant, component, id, version, deleted, type, updated_at, actor FROM main.versions;
      CREATE INDEX temp.everything_by_id ON everything (tenant, component, id, version)`);
    const integrity = database.pragma("integrity_check", { simple: true });
    const wrong = integrity === "ok" ? [] : [`integrity_check says ${String(integrity)}`];
    for (const [what, query] of Object.entries(queries)) {
      const rows = database.prepare(query).all();
      if (rows.length > 0) wrong.push(`${what}: ${rows.length}, first ${JSON.stringify(rows[0])}`);
    }
    return wrong;
  } finally {
    database.close();
  }
};
