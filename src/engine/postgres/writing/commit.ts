import type { GroupOutcome, WriteGroup, WrittenGroup } from "../../engine.ts";
import type { Changes, Known } from "../changes/changes.ts";
import { unknownOutcome } from "../connection/faults.ts";
import type { Run } from "../connection/run.ts";
import type { FoundRow } from "../indexing/found-rows.ts";
import type { Kept } from "../indexing/kept.ts";
import type { Reads } from "../reading/read.ts";
import { createCommitStatements, type GroupResult } from "./commit-statements.ts";
import { createTenantCommit, type Sending } from "./tenant-commit.ts";

/** Commits groups of one tenant, in their order, and tells what became of each. */
export const createTenantCommits = (
  schema: string,
  run: Run,
  changes: Changes,
  reads: Reads,
  kept: Kept,
): ((tenant: string, groups: readonly WriteGroup[], now: number) => Promise<GroupOutcome[]>) => {
  const statementsFor = kept.forTypes((types) => createCommitStatements(schema, { types }));

  /** A write of which only this call knew, found done by an earlier try of its own. */
  const recover = async (tenant: string, known: Known): Promise<WrittenGroup> => {
    const did = await changes.of(tenant, known);
    const written = await Promise.all(
      did.map(async (change) => {
        const { version, at } = change;
        const stored = await reads.version({ ...change, tenant }, version);
        return { version, createdAt: stored?.createdAt ?? at };
      }),
    );
    return { status: "written", at: did[0]?.at ?? 0, position: known.position, written };
  };

  const toOutcome = async (
    tenant: string,
    { group }: Sending,
    result: GroupResult,
  ): Promise<GroupOutcome> => {
    if (result.status === "known") {
      if (!group.repeatable) return recover(tenant, result);
      return { status: "repeated", changes: await changes.of(tenant, result) };
    }
    if (result.status !== "conflict") return result;
    const { index, current } = result;
    const write = group.writes[index];
    // The conflict stands without it; an error would have to speak for all that was committed beside it.
    const theirs =
      write && current > 0
        ? await reads.version({ ...write, tenant }, current).catch(() => undefined)
        : undefined;
    return { status: "conflict", index, attempted: write?.version ?? 0, current, theirs };
  };

  /** Of a write that is barred somebody was told that it never happened: it is sent anew, in knowledge of that. */
  const sendBarred = async (
    tenant: string,
    sendings: readonly Sending[],
    results: readonly GroupResult[],
    now: number,
  ): Promise<ReadonlyMap<Sending, GroupOutcome>> => {
    const barred = sendings.flatMap((sending, index) => {
      const result = results[index];
      const isBarred = result?.status === "known" && result.count === 0;
      return isBarred ? [{ sending, anew: { ...sending, checked: true, fence: result.position } }] : [];
    });
    if (barred.length === 0) return new Map();
    const outcomes = await commit(
      tenant,
      barred.map(({ anew }) => anew),
      now,
    );
    return new Map(
      barred.flatMap(({ sending }, index) => {
        const outcome = outcomes[index];
        return outcome ? [[sending, outcome]] : [];
      }),
    );
  };

  const tell = async (
    tenant: string,
    sendings: readonly Sending[],
    results: readonly GroupResult[],
    now: number,
  ): Promise<GroupOutcome[]> => {
    const sentAnew = await sendBarred(tenant, sendings, results, now);
    return Promise.all(
      sendings.map((sending, index) => {
        const result = results[index];
        if (!result) throw new Error(`Group ${index} of the commit has no result.`);
        return sentAnew.get(sending) ?? toOutcome(tenant, sending, result);
      }),
    );
  };

  const commit = async (
    tenant: string,
    sendings: readonly Sending[],
    now: number,
  ): Promise<GroupOutcome[]> => {
    const statements = statementsFor();
    let sent = sendings;
    const results = await run.commit(tenant, (again) => {
      if (again) sent = sendings.map((sending) => ({ ...sending, checked: true, again }));
      return createTenantCommit(statements, tenant, sent, now);
    });
    if (!results) {
      await run.write(tenant, [{ statement: statements.makeTenant, values: kept.newTenant(tenant) }]);
      return commit(tenant, sent, now);
    }
    try {
      return await tell(tenant, sendings, results, now);
    } catch (cause) {
      // What was committed is durable by now: nobody who waits for it may be told that nothing happened.
      throw unknownOutcome(cause, run.place);
    }
  };

  /** The rows of all writes, dealt out to their groups. */
  const findable = async (
    tenant: string,
    groups: readonly WriteGroup[],
  ): Promise<(readonly FoundRow[])[]> => {
    const rows = await kept.rows(
      tenant,
      groups.flatMap(({ writes }) => writes),
    );
    let end = 0;
    return groups.map(({ writes }) => {
      end += writes.length;
      return rows.slice(end - writes.length, end);
    });
  };

  return async (tenant, groups, now) => {
    const found = await findable(tenant, groups);
    return commit(
      tenant,
      groups.map((group, index) => ({
        group,
        found: found[index] ?? [],
        checked: group.repeatable,
        again: false,
        fence: undefined,
      })),
      now,
    );
  };
};
