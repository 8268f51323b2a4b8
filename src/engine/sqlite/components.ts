import type { Database } from "better-sqlite3-multiple-ciphers";
import type { RegisteredComponent } from "../engine.ts";

/** The components that a file was opened with, each in every schema version that it was seen in. */
export type Components = {
  /** By name, each in the schema version that was opened last. */
  readonly all: () => RegisteredComponent[];
  /** Of these, the ones whose latest note says something else. */
  readonly unnoted: (components: readonly RegisteredComponent[]) => RegisteredComponent[];
  /** Notes them as those opened last, durably. */
  readonly note: (components: readonly RegisteredComponent[]) => void;
};

export const createComponents = (database: Database): Components => {
  const selectAll = database.prepare<[], RegisteredComponent>(`
    SELECT component AS name, schema_version AS schemaVersion, description FROM components
    WHERE sequence IN (SELECT max(sequence) FROM components GROUP BY component) ORDER BY component`);
  const replace = database.prepare(`
    INSERT OR REPLACE INTO components (sequence, component, schema_version, description)
    VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM components), ?, ?, ?)`);

  const unnoted: Components["unnoted"] = (components) => {
    const noted = new Map(selectAll.all().map((component) => [component.name, component]));
    return components.filter(({ name, schemaVersion, description }) => {
      const last = noted.get(name);
      return last?.schemaVersion !== schemaVersion || last.description !== description;
    });
  };

  const note = database.transaction((components: readonly RegisteredComponent[]) => {
    for (const { name, schemaVersion, description } of components) {
      replace.run(name, schemaVersion, description);
    }
  });

  return { all: () => selectAll.all(), unnoted, note: (components) => note.immediate(components) };
};
