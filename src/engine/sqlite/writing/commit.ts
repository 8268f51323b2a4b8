import type { Database } from "better-sqlite3-multiple-ciphers";
import { isStanding } from "../../as-of/standing.ts";
import type { Entry, GroupOutcome, Write, WriteGroup } from "../../engine.ts";
import { createChanges } from "../changes/changes.ts";
import { createTransact } from "../connection/transaction.ts";
import { type ContextRow, toStored } from "../layout/rows.ts";
import { createAppend } from "./append.ts";
import { createOvertaken } from "./overtaken.ts";

export type Commit = (groups: readonly WriteGroup[], now: number) => readonly GroupOutcome[];

type Checked = { readonly write: Write; readonly row: ContextRow | undefined };

/** The last position of each tenant that this commit writes for. */
type Positions = Map<string, number>;

type Refused = Extract<GroupOutcome, { status: "conflict" | "newer" | "absent" }>;

const refusal = ({ write, row }: Checked, index: number, now: number): Refused | undefined => {
  const current = row?.version ?? 0;
  if (row?.deleted === 0 && write.operation === "store" && write.schemaVersion < row.schema_version) {
    return { status: "newer", index, schemaVersion: row.schema_version };
  }
  if (write.version !== undefined && write.version !== current + 1) {
    return { status: "conflict", index, attempted: write.version, current, theirs: toStored(row) };
  }
  if (write.operation === "store") return undefined;
  // What expired reads as absent. Who names the version knows of it: the sweeper does.
  const expired = write.version === undefined && !isStanding(row?.expires_at, now);
  const absent = row === undefined || row.deleted === 1 || expired;
  return absent ? { status: "absent", index } : undefined;
};

/** One time for the whole group, later than that of every version it supersedes. */
const timeOf = (checked: readonly Checked[], now: number): number =>
  checked.reduce((at, { row }) => (row && row.updated_at >= at ? row.updated_at + 1 : at), now);

/** What a write is as the version after what stands. A deletion keeps the type of what it deletes. */
const toEntry = (group: WriteGroup, { write, row }: Checked, at: number, position: number): Entry => {
  const { component, id, operation } = write;
  const deletes = write.operation === "delete";
  return {
    change: {
      position,
      operation,
      component,
      id,
      type: deletes ? (row?.type ?? "") : write.type,
      version: (row?.version ?? 0) + 1,
      at,
      actor: group.actor,
      write: group.write,
    },
    schemaVersion: deletes ? (row?.schema_version ?? 1) : write.schemaVersion,
    parent: deletes ? undefined : write.parent,
    expiresAt: deletes ? undefined : write.expiresAt,
    body: deletes ? undefined : write,
  };
};

/** Groups of writes as one durable transaction of one connection, each group with its own version checks. */
export const createCommit = (database: Database, path: string): Commit => {
  const transact = createTransact(database, path);
  const { standing, append } = createAppend(database);
  const changes = createChanges(database);
  const overtakenOf = createOvertaken(changes);

  const apply = (group: WriteGroup, now: number, positions: Positions): GroupOutcome => {
    const { tenant } = group;
    const earlier = group.repeatable ? changes.ofWrite(tenant, group.write) : undefined;
    if (earlier) return { status: "repeated", changes: earlier };
    const checked = group.writes.map(
      (write): Checked => ({ write, row: standing(tenant, write.component, write.id) }),
    );
    for (const [index, one] of checked.entries()) {
      const refused = refusal(one, index, now);
      if (refused) return refused;
    }
    const overtaken = overtakenOf(group, checked);
    if (overtaken) return overtaken;
    const at = timeOf(checked, now);
    const last = positions.get(tenant) ?? changes.lastPosition(tenant);
    const written = checked.map((one, index) => {
      const entry = toEntry(group, one, at, last + 1 + index);
      append(tenant, one.row, entry);
      return { version: entry.change.version, createdAt: one.row?.created_at ?? at };
    });
    const position = last + written.length;
    changes.finish(tenant, group.write, position, written.length);
    positions.set(tenant, position);
    return { status: "written", at, position, written };
  };

  return (groups, now) =>
    transact(
      () => {
        const positions: Positions = new Map();
        const outcomes = groups.map((group) => apply(group, now, positions));
        for (const [tenant, position] of positions) changes.moveTo(tenant, position);
        return outcomes;
      },
      (outcomes) => outcomes.some((outcome) => outcome.status === "written"),
    );
};
