import { stopwatch } from "../../../base/clock.ts";
import { limits } from "../../../base/limits.ts";
import type { ContextKey, Engine, Key, PruneQuery } from "../../engine.ts";
import { type PrunePlan, planPrune, type Repacked, type VersionHead } from "../../versions/prune-plan.ts";
import { repack } from "../../versions/repack.ts";
import { joinBody, snapshotEvery } from "../../versions/version-body.ts";
import { bigintArray, bytesArray, integerArray, textArray } from "../connection/binary-array.ts";
import { numberOf, optionalNumberOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import type { Row, Step } from "../connection/trip.ts";
import { readBody } from "../reading/versions.ts";
import { createPruneStatements } from "./prune-statements.ts";

/** The versions of a context: the one that stands, and those before it, newest first. */
type Heads = {
  readonly current: Pick<VersionHead, "version" | "at">;
  readonly before: readonly VersionHead[];
};

/** How many of one context are read at once, so that many contexts can be looked at in one trip. */
const headsAtOnce = 1_000;

/** It comes back after so long, or little longer. */
const callMilliseconds = 50;

/** What others do to the same versions meanwhile makes it look again, so often; then the next sweep does. */
const attempts = 3;

const toHeads = (rows: readonly Row[]): Heads | undefined => {
  const [first] = rows;
  return (
    first && {
      current: { version: numberOf(first, 1), at: numberOf(first, 2) },
      before: rows.map((row) => ({
        version: numberOf(row, 3),
        at: numberOf(row, 4),
        supersededAt: optionalNumberOf(row, 5),
        dictionary: optionalNumberOf(row, 6),
      })),
    }
  );
};

/** The rows that a plan touches lie between these, and so do those that need one that it removes. */
const boundsOf = ({ removed, superseded }: PrunePlan): [number, number] => {
  const versions = [...removed, ...superseded.map(({ version }) => version)];
  const first = versions.reduce((least, version) => Math.min(least, version), Number.MAX_SAFE_INTEGER);
  const last = versions.reduce((most, version) => Math.max(most, version), 0);
  const blocks = Math.ceil(last / snapshotEvery);
  return [first - ((first - 1) % snapshotEvery), blocks * snapshotEvery];
};

/** @param schema quoted */
export const createPruning = (schema: string, { read, write, call }: Run): Engine["prune"] => {
  const statements = createPruneStatements(schema);

  const readHeads = async ({ tenant, component }: Key, ids: readonly string[], before: number) => {
    const values = [tenant, component, textArray(ids), String(before), String(headsAtOnce)];
    const [rows = []] = await read(tenant, [{ statement: statements.heads, values }]);
    const byId = ids.map((): Row[] => []);
    for (const row of rows) byId[numberOf(row, 0) - 1]?.push(row);
    return byId.map(toHeads);
  };

  /** The same with all that one context has. */
  const complete = async (key: Key, id: string, heads: Heads): Promise<Heads> => {
    const before = [...heads.before];
    for (let some = before; some.length === headsAtOnce; before.push(...some)) {
      const [next] = await readHeads(key, [id], some.at(-1)?.version ?? 0);
      some = [...(next?.before ?? [])];
    }
    return { ...heads, before };
  };

  const repackOrphans = async (key: ContextKey, { orphans }: PrunePlan): Promise<Repacked[]> => {
    if (orphans.length === 0) return [];
    const { tenant, component, id } = key;
    const values = [tenant, component, id, bigintArray(orphans.flat())];
    const [rows = []] = await read(tenant, [{ statement: statements.bodies, values }]);
    const bodies = new Map(
      rows.map((row) => {
        const version = numberOf(row, 0);
        return [version, joinBody(readBody(key, version, row.slice(1)))];
      }),
    );
    // One that others removed meanwhile has none; what is made of it is not written then.
    return orphans.flatMap((those) => [
      ...repack(those, (version) => bodies.get(version) ?? Buffer.alloc(0)),
    ]);
  };

  const toStep = (
    { tenant, component, id }: ContextKey,
    plan: PrunePlan,
    packed: readonly Repacked[],
  ): Step => {
    const [first, last] = boundsOf(plan);
    const repacked = new Map(packed.map((one) => [one.version, one]));
    const supersededAt = new Map(plan.superseded.map((one) => [one.version, one.supersededAt]));
    const versions = [...new Set([...repacked.keys(), ...supersededAt.keys()])];
    const each = <Value>(take: (one: Repacked | undefined) => Value): Value[] =>
      versions.map((version) => take(repacked.get(version)));
    return {
      statement: statements.remove,
      values: [
        ...[tenant, component, id, String(first), String(last), bigintArray(plan.removed)],
        bigintArray(versions),
        bigintArray(versions.map((version) => supersededAt.get(version))),
        bigintArray(each((one) => one?.dictionary)),
        integerArray(each((one) => one?.encoding)),
        bytesArray(each((one) => one?.body)),
      ],
    };
  };

  /** @returns how many versions were removed; undefined where others were at it */
  const carryOut = async (key: ContextKey, plan: PrunePlan): Promise<number | undefined> => {
    const step = toStep(key, plan, await repackOrphans(key, plan));
    const [[row] = []] = await write(key.tenant, [step]);
    return row && numberOf(row, 0) > 0 ? numberOf(row, 0) : undefined;
  };

  /** @param looked what was read of it */
  const pruneOne = async (
    query: PruneQuery,
    id: string,
    looked: Heads | undefined,
    most: number,
  ): Promise<number> => {
    let heads = looked;
    for (let attempt = 1; heads && attempt <= attempts; attempt++) {
      const { current, before } = await complete(query, id, heads);
      const plan = planPrune(current, before, { ...query, most });
      if (plan.removed.length === 0 || query.dryRun) return plan.removed.length;
      const removed = await carryOut({ ...query, id }, plan);
      if (removed !== undefined) return removed;
      [heads] = await readHeads(query, [id], Number.MAX_SAFE_INTEGER);
    }
    return 0;
  };

  return (query) =>
    call(async () => {
      const { ids, dryRun } = query;
      const begun = stopwatch();
      const looked = await readHeads(query, ids, Number.MAX_SAFE_INTEGER);
      let done = 0;
      let removed = 0;
      for (const [index, id] of ids.entries()) {
        const most = dryRun ? Number.POSITIVE_INFINITY : limits.prunedVersions - removed;
        const these = await pruneOne(query, id, looked[index], most);
        removed += these;
        if (these >= most) break;
        done++;
        if (stopwatch() - begun > callMilliseconds) break;
      }
      return { done, removed };
    });
};
