import type { Database } from "better-sqlite3-multiple-ciphers";
import { stopwatch } from "../../../base/clock.ts";
import { type BodyPath, isBodyPath, parsePath } from "../../../model/path.ts";
import { createKeyPaths, type KeyPathState } from "./key-paths.ts";
import { createKeys, type KeyBody } from "./keys.ts";

type PathRow = {
  readonly component: string;
  readonly path: string;
  readonly state: Exclude<KeyPathState, "filled">;
  /** The context up to which the path is filled, or the tenant whose rows are being removed. */
  readonly tenant: string;
  readonly id: string;
};

type Context = KeyBody & { readonly id: string; readonly place: number };

/** How long a step holds the lock, or little longer: writers wait for it. */
const stepMilliseconds = 5;
const removedRows = 500;

/**
 * Fills new paths with the rows of earlier contexts, and removes those of paths that were dropped, in steps that
 * each are one small transaction. How far it came is written down with the rows, so that it goes on there after a
 * crash, in whichever process: several may be at it at once.
 * @returns a step; it gives false where nothing is left to do
 */
export const createFilling = (database: Database): (() => boolean) => {
  const keys = createKeys(database, createKeyPaths(database));
  const selectUnfinished = database.prepare<[], PathRow>(`
    SELECT component, path, state, tenant, id FROM key_paths WHERE state <> 'filled'
    ORDER BY state, component, tenant, id LIMIT 1`);
  const level = "component = ? AND state = 'filling' AND tenant = ? AND id = ?";
  const selectLevel = database
    .prepare<[string, string, string], string>(`SELECT path FROM key_paths WHERE ${level}`)
    .pluck();
  const move = database.prepare(`UPDATE key_paths SET tenant = ?, id = ? WHERE ${level}`);
  const finish = database.prepare(`UPDATE key_paths SET state = 'filled' WHERE ${level}`);
  const selectNext = database.prepare<[string, string, string], Context>(`
    SELECT id, place, content, metadata FROM contexts
    WHERE tenant = ? AND component = ? AND id > ? AND deleted = 0 ORDER BY id LIMIT 1`);
  const selectTenant = database
    .prepare<[string], string>("SELECT tenant FROM tenants WHERE tenant > ? ORDER BY tenant LIMIT 1")
    .pluck();
  const remove = database.prepare(`
    DELETE FROM keys WHERE (tenant, component, path, kind, number, text, place) IN (
      SELECT tenant, component, path, kind, number, text, place FROM keys
      WHERE tenant = ? AND component = ? AND path = ? LIMIT ${removedRows})`);
  const moveOn = database.prepare("UPDATE key_paths SET tenant = ? WHERE component = ? AND path = ?");
  const forget = database.prepare("DELETE FROM key_paths WHERE component = ? AND path = ?");
  const renew = database.prepare(
    "UPDATE key_paths SET state = 'filling', tenant = '', id = '' WHERE component = ? AND path = ?",
  );

  const empty = ({ component, path, state, tenant }: PathRow): void => {
    if (remove.run(tenant, component, path).changes === removedRows) return;
    const next = selectTenant.get(tenant);
    if (next !== undefined) moveOn.run(next, component, path);
    else (state === "renewing" ? renew : forget).run(component, path);
  };

  /** @returns the context up to which it came, and whether that was the tenant's last */
  const fillSome = ({ component, tenant, id }: PathRow, paths: readonly BodyPath[]) => {
    const begun = stopwatch();
    let after = id;
    while (stopwatch() - begun < stepMilliseconds) {
      const context = selectNext.get(tenant, component, after);
      if (!context) return { after, ended: true };
      keys.add({ tenant, component, place: context.place }, context, paths);
      after = context.id;
    }
    return { after, ended: false };
  };

  const fill = (row: PathRow): void => {
    const { component, tenant, id } = row;
    const paths = selectLevel.all(component, tenant, id).map(parsePath).filter(isBodyPath);
    const { after, ended } = fillSome(row, paths);
    const next = ended ? selectTenant.get(tenant) : undefined;
    if (!ended) move.run(tenant, after, component, tenant, id);
    else if (next !== undefined) move.run(next, "", component, tenant, id);
    else finish.run(component, tenant, id);
  };

  const step = database.transaction((): boolean => {
    const unfinished = selectUnfinished.get();
    if (unfinished) (unfinished.state === "filling" ? fill : empty)(unfinished);
    return unfinished !== undefined;
  });
  return () => step.immediate();
};
