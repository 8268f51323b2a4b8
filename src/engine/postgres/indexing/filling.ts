import type { Key } from "../../engine.ts";
import { bigintArray } from "../connection/binary-array.ts";
import { bytesOf, numberOf, textOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import type { Row } from "../connection/trip.ts";
import { createFillingStatements } from "./filling-statements.ts";
import { foundValues } from "./found-rows.ts";
import type { Kept } from "./kept.ts";
import { rulesOf } from "./text-rows.ts";

/** What is kept beside contexts, made for those that were there before it was wanted: tenant by tenant. */
export type Filling = {
  /** The paths of which a tenant's key rows are complete. Those that are not are filled from then on. */
  readonly paths: (key: Key) => Promise<ReadonlySet<string>>;
  /** Resolves once everything of the tenant and component can be found. @throws ContextbaseError storage_… */
  readonly found: (key: Key) => Promise<void>;
  /** Looks over all of them again: some were written by a program with other rules. */
  readonly foundAnew: (key: Key) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Progress = { readonly place: number; readonly done: boolean };

const nameOf = ({ tenant, component }: Key, part = ""): string => JSON.stringify([tenant, component, part]);

/** @param schema quoted */
export const createFilling = (schema: string, { read, write }: Run, kept: Kept): Filling => {
  const statements = createFillingStatements(schema);
  const statementsFor = kept.forTypes((types) => ({
    next: statements.next(types !== undefined),
    fillFound: statements.fillFound(types),
  }));
  const done = new Map<string, Set<string>>();
  const underWay = new Map<string, Promise<void>>();
  let closing = false;

  const doneOf = (key: Key): Set<string> => {
    const parts = done.get(nameOf(key)) ?? new Set();
    done.set(nameOf(key), parts);
    return parts;
  };

  /** How far each part is; those that were not begun stand at -1. */
  const progressOf = async (key: Key): Promise<Map<string, Progress>> => {
    const values = [key.tenant, key.component];
    const [rows = []] = await read(key.tenant, [{ statement: statements.filled, values }]);
    const parts = new Map<string, Progress>();
    for (const row of rows) {
      const progress = { place: numberOf(row, 1), done: textOf(row, 2) === "t" };
      const part = textOf(row, 0);
      if (progress.place >= (parts.get(part)?.place ?? -1)) parts.set(part, progress);
      if (progress.done) doneOf(key).add(part);
    }
    return parts;
  };

  /** Goes on from batch to batch, once at a time for each part. */
  const fill = (
    key: Key,
    part: string,
    from: number,
    batch: (place: number) => Promise<Progress>,
  ): Promise<void> => {
    const name = nameOf(key, part);
    const begun = underWay.get(name);
    if (begun) return begun;
    const work = async (): Promise<void> => {
      for (let at = from; !closing; ) {
        const { place, done: isDone } = await batch(at);
        if (isDone) {
          doneOf(key).add(part);
          return;
        }
        at = place;
      }
    };
    const filling = work().finally(() => underWay.delete(name));
    underWay.set(name, filling);
    return filling;
  };

  const lockOf = ({ tenant }: Key) => ({ statement: statements.lock, values: [tenant] });

  const fillPath =
    (key: Key, path: string) =>
    async (place: number): Promise<Progress> => {
      const values = [key.tenant, key.component, path, String(place)];
      const results = await write(key.tenant, [lockOf(key), { statement: statements.fillPath, values }]);
      const row = results[1]?.[0] ?? [];
      return { place: numberOf(row, 0), done: textOf(row, 1) === "t" };
    };

  const lacking = (rows: readonly Row[]): Row[] => rows.filter((row) => row[2] !== null);

  const fillFound =
    (key: Key, part: string) =>
    async (place: number): Promise<Progress> => {
      const indexing = kept.of(key.component);
      if (!indexing) return { place, done: true };
      const { tenant, component } = key;
      const { next, fillFound: insert } = statementsFor();
      const vectors = kept.types() !== undefined;
      const asked = [tenant, component, rulesOf(indexing), String(place)];
      const forVectors = vectors ? [String(indexing.dimensions ?? 0), indexing.tag] : [];
      const [rows = []] = await read(tenant, [{ statement: next, values: [...asked, ...forVectors] }]);
      const last = rows.at(-1);
      const progress = { place: last ? numberOf(last, 0) : place, done: last === undefined };
      const some = lacking(rows);
      const found = await kept.rows(
        tenant,
        some.map((row) => ({
          component,
          content: textOf(row, 2),
          metadata: textOf(row, 3),
          embeddings: bytesOf(row, 4),
        })),
      );
      const places = bigintArray(some.map((row) => numberOf(row, 0)));
      const versions = bigintArray(some.map((row) => numberOf(row, 1)));
      const values = [tenant, component, places, versions, ...foundValues(found, vectors)];
      const marked = [tenant, component, part, String(progress.place), String(progress.done)];
      await write(tenant, [
        lockOf(key),
        ...(some.length > 0 ? [{ statement: insert, values }] : []),
        { statement: statements.mark, values: marked },
      ]);
      return progress;
    };

  const found = async (key: Key): Promise<void> => {
    const part = kept.part(key.component);
    if (part === undefined) return;
    if (doneOf(key).has(part)) return;
    const progress = (await progressOf(key)).get(part);
    if (!progress?.done) await fill(key, part, progress?.place ?? -1, fillFound(key, part));
  };

  return {
    paths: async (key) => {
      const indexing = kept.of(key.component);
      const parts = doneOf(key);
      if (!indexing || indexing.paths.every((path) => parts.has(path))) return parts;
      for (const [part, progress] of await progressOf(key)) {
        const isPath = indexing.paths.includes(part);
        // What cannot be filled now is answered without, and tried again when it is asked for again.
        if (isPath && !progress.done) {
          fill(key, part, progress.place, fillPath(key, part)).catch(() => undefined);
        }
      }
      return parts;
    },
    found,
    foundAnew: async (key) => {
      const part = kept.part(key.component);
      if (part === undefined) return;
      doneOf(key).delete(part);
      const values = [key.tenant, key.component, part];
      await write(key.tenant, [{ statement: statements.unmark, values }]);
      await found(key);
    },
    close: async () => {
      closing = true;
      await Promise.allSettled(underWay.values());
    },
  };
};
