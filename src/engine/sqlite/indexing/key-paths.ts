import type { Database } from "better-sqlite3-multiple-ciphers";
import { limits } from "../../../base/limits.ts";
import type { ComponentDescription } from "../../../model/description.ts";
import { indexingOf } from "../../../model/indexing.ts";
import { type BodyPath, isBodyPath, parsePath } from "../../../model/path.ts";
import type { RegisteredComponent } from "../../engine.ts";

/**
 * `filling`: each write keeps the path's rows, earlier contexts may lack theirs. `filled`: every context has them.
 * `dropping`: what is there is being removed, and no write keeps any; `renewing`: the same, then it is filled.
 */
export type KeyPathState = "filling" | "filled" | "dropping" | "renewing";

type PathRow = { readonly path: string; readonly state: KeyPathState; readonly declared_at: number };

/** A declared path, and whether every context has its rows. */
export type KeyPath = { readonly path: BodyPath; readonly filled: boolean };

/** What is to be done at an opening. */
type Due = { readonly component: string; readonly path: string; readonly to: "declare" | "drop" };

/** The paths whose values a file keeps apart. */
export type KeyPaths = {
  /** Those of which each write keeps the rows. */
  readonly of: (component: string) => KeyPath[];
  /** Of the paths that these components declare, or declare no more, those that are to be noted. */
  readonly due: (components: readonly RegisteredComponent[], now: number) => Due[];
  /** Notes them, durably; what is new is to be filled. */
  readonly note: (due: readonly Due[], now: number) => void;
  /** Whether any path waits to be filled or dropped. */
  readonly unfinished: () => boolean;
};

/** A path's last declaration is noted again after this long, not with every opening. */
const noteMilliseconds = 24 * 60 * 60 * 1000;

const declaredBy = ({ description }: RegisteredComponent): readonly string[] => {
  const described: ComponentDescription = JSON.parse(description);
  return indexingOf(described).paths;
};

/** The same text is parsed with every write. */
const createParse = (): ((text: string) => BodyPath | undefined) => {
  const parsed = new Map<string, BodyPath>();
  return (text) => {
    const known = parsed.get(text);
    if (known) return known;
    const path = parsePath(text);
    if (!isBodyPath(path)) return undefined;
    parsed.set(text, path);
    return path;
  };
};

export const createKeyPaths = (database: Database): KeyPaths => {
  const parse = createParse();
  const select = database.prepare<[string], PathRow>(
    "SELECT path, state, declared_at FROM key_paths WHERE component = ?",
  );
  const selectKept = database.prepare<[string], PathRow>(
    "SELECT path, state, declared_at FROM key_paths WHERE component = ? AND state IN ('filling', 'filled')",
  );
  const isEmpty = database.prepare<[], number>("SELECT NOT EXISTS (SELECT 1 FROM contexts)").pluck();
  const declare = database.prepare(`
    INSERT INTO key_paths (component, path, state, tenant, id, declared_at) VALUES (?, ?, ?, '', '', ?)
    ON CONFLICT DO UPDATE SET declared_at = excluded.declared_at,
      state = CASE state WHEN 'dropping' THEN 'renewing' ELSE state END`);
  const drop = database.prepare(
    "UPDATE key_paths SET state = 'dropping', tenant = '' WHERE component = ? AND path = ? AND declared_at < ?",
  );
  const selectUnfinished = database
    .prepare<[], number>("SELECT EXISTS (SELECT 1 FROM key_paths WHERE state <> 'filled')")
    .pluck();

  const dueOf = (component: RegisteredComponent, now: number): Due[] => {
    const { name } = component;
    const rows = new Map(select.all(name).map((row) => [row.path, row]));
    const declared = declaredBy(component);
    const known = (path: string): boolean => {
      const row = rows.get(path);
      return row !== undefined && row.state !== "dropping" && row.declared_at > now - noteMilliseconds;
    };
    const expired = ({ path, state, declared_at }: PathRow): boolean =>
      !declared.includes(path) &&
      state !== "dropping" &&
      declared_at < now - limits.undeclaredIndexMilliseconds;
    return [
      ...declared
        .filter((path) => !known(path))
        .map((path) => ({ component: name, path, to: "declare" as const })),
      ...[...rows.values()]
        .filter(expired)
        .map(({ path }) => ({ component: name, path, to: "drop" as const })),
    ];
  };

  const note = database.transaction((due: readonly Due[], now: number) => {
    const state: KeyPathState = isEmpty.get() === 1 ? "filled" : "filling";
    for (const { component, path, to } of due) {
      if (to === "declare") declare.run(component, path, state, now);
      else drop.run(component, path, now - limits.undeclaredIndexMilliseconds);
    }
  });

  return {
    of: (component) =>
      selectKept.all(component).flatMap(({ path: text, state }) => {
        const path = parse(text);
        return path ? [{ path, filled: state === "filled" }] : [];
      }),
    due: (components, now) => components.flatMap((component) => dueOf(component, now)),
    note: (due, now) => note.immediate(due, now),
    unfinished: () => selectUnfinished.get() === 1,
  };
};
