import type { Database } from "better-sqlite3-multiple-ciphers";
import type { RegisteredComponent } from "../../engine.ts";

/** The components that a file was opened with, each in every schema version that it was seen in. */
export type Components = {
  /** By name, each in its newest schema version. */
  readonly newest: () => RegisteredComponent[];
  /** By name and schema version. */
  readonly all: () => RegisteredComponent[];
  /** Of these, the ones that are not noted so. */
  readonly unnoted: (components: readonly RegisteredComponent[]) => RegisteredComponent[];
  /** Notes them, durably. */
  readonly note: (components: readonly RegisteredComponent[]) => void;
};

const isSame = (one: RegisteredComponent, other: RegisteredComponent): boolean =>
  one.name === other.name &&
  one.schemaVersion === other.schemaVersion &&
  one.description === other.description;

export const createComponents = (database: Database): Components => {
  const selectAll = database.prepare<[], RegisteredComponent>(`
    SELECT component AS name, schema_version AS schemaVersion, description FROM components
    ORDER BY component, schema_version`);
  const replace = database.prepare(`
    INSERT OR REPLACE INTO components (sequence, component, schema_version, description)
    VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM components), ?, ?, ?)`);

  const unnoted: Components["unnoted"] = (components) => {
    const noted = selectAll.all();
    return components.filter((component) => !noted.some((one) => isSame(one, component)));
  };

  /** Of several with one name the last one stays. */
  const newest: Components["newest"] = () => [
    ...new Map(selectAll.all().map((component) => [component.name, component])).values(),
  ];

  const note = database.transaction((components: readonly RegisteredComponent[]) => {
    for (const { name, schemaVersion, description } of components) {
      replace.run(name, schemaVersion, description);
    }
  });

  return { newest, all: () => selectAll.all(), unnoted, note: (components) => note.immediate(components) };
};
