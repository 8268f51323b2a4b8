import { isBodyPath, parsePath } from "../../../model/path.ts";
import { textArray } from "../connection/binary-array.ts";
import { type Row, type Statement, type Step, statement } from "../connection/trip.ts";

/** A path whose values are kept apart, of a component. */
export type NotedPath = { readonly component: string; readonly path: string };

export type Noting = {
  /** The paths that are noted: component and path. */
  readonly select: Statement;
  readonly insert: (paths: readonly NotedPath[]) => Step[];
};

export const isNoted = (rows: readonly Row[], { component, path }: NotedPath): boolean =>
  rows.some(([ofComponent, noted]) => ofComponent === component && noted === path);

/** A step that PostgreSQL would take for the place of an element, where it meets an array. */
const isNumber = (step: string): boolean => /^\s*[-+]?\d+$/.test(step);

/** @param schema quoted */
export const createNoting = (schema: string): Noting => {
  const insert = statement(
    `INSERT INTO ${schema}.key_paths (component, path, root, steps, numbered) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
  );
  return {
    select: statement(`SELECT component, path FROM ${schema}.key_paths`),
    insert: (paths) =>
      paths.flatMap(({ component, path: text }) => {
        const path = parsePath(text);
        // The fields of a context have columns of their own.
        if (!isBodyPath(path)) return [];
        const numbered = path.steps.some(isNumber) ? "t" : "f";
        return [{ statement: insert, values: [component, text, path.root, textArray(path.steps), numbered] }];
      }),
  };
};
