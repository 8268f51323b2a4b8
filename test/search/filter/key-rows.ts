import type { Database } from "better-sqlite3-multiple-ciphers";
import { keyValues } from "../../../src/engine/finding/key-values.ts";
import { parsePath, valueBelow } from "../../../src/model/path.ts";

type Context = {
  readonly tenant: string;
  readonly component: string;
  readonly place: number;
  readonly content: string;
  readonly metadata: string;
};

/** The rows that a store file has of a component's paths, and those that its contexts say it should have. */
export const keyRows = (
  database: Database,
  component: string,
  paths: readonly string[],
): { readonly kept: string[]; readonly due: string[] } => {
  const kept = database
    .prepare<[string], unknown[]>(
      "SELECT tenant, path, kind, number, text, place FROM keys WHERE component = ?",
    )
    .raw()
    .all(component);
  const contexts = database
    .prepare<[string], Context>("SELECT * FROM contexts WHERE component = ? AND deleted = 0")
    .all(component);
  const due = contexts.flatMap(({ tenant, place, content, metadata }) =>
    paths.flatMap((text) => {
      const path = parsePath(text);
      if (!("steps" in path)) return [];
      const body = JSON.parse(path.root === "content" ? content : metadata);
      return keyValues(valueBelow(body, path.steps)).map((row) => [
        tenant,
        text,
        row.kind,
        row.number,
        row.text,
        place,
      ]);
    }),
  );
  const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  return { kept: sorted(kept), due: sorted(due) };
};
