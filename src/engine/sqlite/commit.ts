import type { Database } from "better-sqlite3-multiple-ciphers";
import type { GroupOutcome, Write, WriteGroup } from "../engine.ts";
import { createChanges } from "./changes.ts";
import { resultCode, unknownOutcome } from "./faults.ts";
import { type ContextRow, contextColumns, toStored } from "./rows.ts";
import { createVersions } from "./versions.ts";

export type Commit = (groups: readonly WriteGroup[], now: number) => readonly GroupOutcome[];

type Checked = { readonly write: Write; readonly row: ContextRow | undefined };

/** The last position of each tenant that this commit writes for. */
type Positions = Map<string, number>;

type Refused = Extract<GroupOutcome, { status: "conflict" | "absent" }>;

const refusal = ({ write, row }: Checked, index: number): Refused | undefined => {
  const current = row?.version ?? 0;
  if (write.version !== undefined && write.version !== current + 1) {
    return { status: "conflict", index, attempted: write.version, current, theirs: toStored(row) };
  }
  const absent = row === undefined || row.deleted === 1;
  return write.operation === "delete" && absent ? { status: "absent", index } : undefined;
};

/** One time for the whole group, later than that of every version it supersedes. */
const timeOf = (checked: readonly Checked[], now: number): number =>
  checked.reduce((at, { row }) => (row && row.updated_at >= at ? row.updated_at + 1 : at), now);

/** Groups of writes as one durable transaction of one connection, each group with its own version checks. */
export const createCommit = (database: Database, path: string): Commit => {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");
  const versions = createVersions(database);
  const changes = createChanges(database);
  const select = database.prepare<[string, string, string], ContextRow>(
    `SELECT ${contextColumns} FROM contexts WHERE tenant = ? AND component = ? AND id = ?`,
  );
  const insert = database.prepare(
    `INSERT INTO contexts (tenant, ${contextColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(`
    UPDATE contexts SET version = ?, deleted = ?, type = ?, schema_version = ?, updated_at = ?, actor = ?,
      content = ?, metadata = ?, embeddings = ?
    WHERE tenant = ? AND component = ? AND id = ?`);

  const store = (group: WriteGroup, { write, row }: Checked, at: number, place: number): number => {
    const { tenant, actor } = group;
    const { component, id } = write;
    const version = (row?.version ?? 0) + 1;
    const removed = write.operation === "delete";
    const type = removed ? (row?.type ?? "") : write.type;
    const schemaVersion = removed ? (row?.schema_version ?? 1) : write.schemaVersion;
    const body = removed ? ["{}", "{}", null] : [write.content, write.metadata, write.embeddings ?? null];
    const deleted = removed ? 1 : 0;
    if (row === undefined) {
      insert.run(tenant, component, id, version, deleted, place, type, schemaVersion, at, at, actor, ...body);
    } else {
      versions.keep(tenant, row);
      update.run(version, deleted, type, schemaVersion, at, actor, ...body, tenant, component, id);
    }
    changes.append(
      tenant,
      place,
      { operation: write.operation, component, id, type, version, at, actor },
      group.write,
    );
    return version;
  };

  const apply = (group: WriteGroup, now: number, positions: Positions): GroupOutcome => {
    const earlier = group.repeatable ? changes.ofWrite(group.tenant, group.write) : undefined;
    if (earlier) return { status: "repeated", changes: earlier };
    const checked = group.writes.map(
      (write): Checked => ({
        write,
        row: select.get(group.tenant, write.component, write.id),
      }),
    );
    for (const [index, one] of checked.entries()) {
      const refused = refusal(one, index);
      if (refused) return refused;
    }
    const at = timeOf(checked, now);
    const last = positions.get(group.tenant) ?? changes.lastPosition(group.tenant);
    const written = checked.map((one, index) => ({
      version: store(group, one, at, last + 1 + index),
      createdAt: one.row?.created_at ?? at,
    }));
    const position = last + written.length;
    changes.finish(group.tenant, group.write, position, written.length);
    positions.set(group.tenant, position);
    return { status: "written", at, position, written };
  };

  const finish = (outcomes: readonly GroupOutcome[]): void => {
    if (!outcomes.some((outcome) => outcome.status === "written")) {
      rollback.run();
      return;
    }
    try {
      commit.run();
    } catch (cause) {
      const result = resultCode(cause) ?? "";
      const known = result.startsWith("SQLITE_FULL") || result.startsWith("SQLITE_BUSY");
      throw known ? cause : unknownOutcome(cause, path);
    }
  };

  return (groups, now) => {
    begin.run();
    try {
      const positions: Positions = new Map();
      const outcomes = groups.map((group) => apply(group, now, positions));
      for (const [tenant, position] of positions) changes.moveTo(tenant, position);
      finish(outcomes);
      return outcomes;
    } catch (cause) {
      if (database.inTransaction) rollback.run();
      throw cause;
    }
  };
};
