import { escapeLiteral } from "pg";
import { ContextbaseError } from "../../../base/errors.ts";
import type { RegisteredComponent } from "../../engine.ts";
import { toIndexing } from "../../to-indexing.ts";
import type { Connections } from "../connection/connection.ts";
import { kindOf, toFault } from "../connection/faults.ts";
import { numberOf, textOf } from "../connection/rows.ts";
import { writeTogether } from "../connection/transaction.ts";
import { type Row, type Step, statement } from "../connection/trip.ts";
import { createNoting, isNoted, type NotedPath } from "../indexing/noting.ts";
import { layoutVersion, newerLayout } from "../layout/layout.ts";
import { selectPgvector } from "../layout/vector-table.ts";

const leastServer = 150_000;

const serverOf = (schema: string): string => `
  SELECT current_setting('server_version_num'), current_setting('server_version'),
    current_setting('server_encoding'), pg_is_in_recovery(), current_user, r.rolsuper OR r.rolbypassrls,
    EXISTS (SELECT FROM pg_proc WHERE proname = 'citus_version'),
    CASE WHEN to_regclass(${escapeLiteral(`${schema}.vectors`)}) IS NOT NULL
      THEN (SELECT quote_ident(nspname) FROM (${selectPgvector}) p) END
  FROM pg_roles r WHERE r.rolname = current_user`;

export type Server = {
  readonly version: string;
  /** Whether it is a standby, which can only be read. */
  readonly standby: boolean;
  readonly role: string;
  /** Whether row-level security does not bind the role. */
  readonly unbound: boolean;
  /** The schema of pgvector's types, quoted, where vectors are kept. */
  readonly vectors: string | undefined;
  /** Whether Citus is there, so that the tables may be spread over workers. */
  readonly distributed: boolean;
};

/** What is asked of a place before it is trusted with contexts. */
export type Opening = {
  /** @throws ContextbaseError not_a_store, older_layout, newer_layout, storage_… */
  readonly open: (components: readonly RegisteredComponent[]) => Promise<Server>;
  readonly components: () => Promise<RegisteredComponent[]>;
  readonly schemaVersions: () => Promise<RegisteredComponent[]>;
  readonly noteSchemas: (components: readonly RegisteredComponent[]) => Promise<void>;
  /**
   * A store that was opened on a standby says so at once, and does not wait for a failover that nobody promised;
   * once it was promoted, it writes.
   * @throws ContextbaseError storage_read_only
   */
  readonly checkWritable: () => Promise<void>;
};

const toServer = (row: Row | undefined, place: string): Server => {
  const server = row ?? [];
  if (numberOf(server, 0) < leastServer) {
    const message = `${place} is PostgreSQL ${textOf(server, 1)}; Contextbase needs 15 or newer.`;
    throw new ContextbaseError("storage_unavailable", message, { details: { place } });
  }
  if (textOf(server, 2) !== "UTF8") {
    const message = `${place} is encoded in ${textOf(server, 2)}. Create the database with ENCODING 'UTF8'.`;
    throw new ContextbaseError("storage_unavailable", message, { details: { place } });
  }
  return {
    version: textOf(server, 1),
    standby: textOf(server, 3) === "t",
    role: textOf(server, 4),
    unbound: textOf(server, 5) === "t",
    distributed: textOf(server, 6) === "t",
    vectors: server[7] ?? undefined,
  };
};

const checkLayout = (layout: number, place: string): void => {
  if (layout === layoutVersion) return;
  const details = { place, layout };
  if (layout > layoutVersion) throw newerLayout(place, layout);
  const message = `${place} has store layout ${layout}; this Contextbase works with ${layoutVersion}. Run contextbase update as the owner.`;
  throw new ContextbaseError("older_layout", message, { details });
};

const isSame = (one: RegisteredComponent, other: RegisteredComponent): boolean =>
  one.name === other.name &&
  one.schemaVersion === other.schemaVersion &&
  one.description === other.description;

const pathsOf = (component: RegisteredComponent): NotedPath[] =>
  toIndexing(component).paths.map((path) => ({ component: component.name, path }));

/** @param schema quoted */
export const createOpening = (schema: string, { place, trip }: Connections): Opening => {
  const selectServer = statement(serverOf(schema));
  const selectLayout = statement(`SELECT coalesce(max(version), 0) FROM ${schema}.layout`);
  const selectComponents = statement(
    `SELECT component, schema_version, description FROM ${schema}.components ORDER BY component, schema_version`,
  );
  const register = statement(
    `INSERT INTO ${schema}.components (component, schema_version, description) VALUES ($1, $2, $3)
     ON CONFLICT (component, schema_version) DO UPDATE SET description = excluded.description, opened = DEFAULT`,
  );

  const noting = createNoting(schema);
  let standby = false;

  /** A wrong address is told at once; only what met another by chance is tried again. */
  const ask = async (steps: readonly Step[]): Promise<Row[][]> => {
    try {
      return await trip(steps);
    } catch (cause) {
      if (kindOf(cause) !== "again") throw toFault(cause, place);
    }
    return trip(steps).catch((cause) => Promise.reject(toFault(cause, place)));
  };

  const toNote = ({ name, schemaVersion, description }: RegisteredComponent): Step => ({
    statement: register,
    values: [name, String(schemaVersion), description],
  });

  /** What cannot be written at this moment can still be read; the next opening notes it. */
  const note = async (
    components: readonly RegisteredComponent[],
    paths: readonly NotedPath[],
  ): Promise<void> => {
    try {
      await ask(writeTogether([...components.map(toNote), ...noting.insert(paths)]));
    } catch (cause) {
      if (!(cause instanceof ContextbaseError && cause.code.startsWith("storage_"))) throw cause;
    }
  };

  const toComponents = (rows: readonly Row[] = []): RegisteredComponent[] =>
    rows.map((row) => ({
      name: textOf(row, 0),
      schemaVersion: numberOf(row, 1),
      description: textOf(row, 2),
    }));

  const schemaVersions = async (): Promise<RegisteredComponent[]> =>
    toComponents((await ask([{ statement: selectComponents, values: [] }]))[0]);

  return {
    open: async (components) => {
      const [[row] = []] = await ask([{ statement: selectServer, values: [] }]);
      const server = toServer(row, place);
      standby = server.standby;
      const [[layout = []] = []] = await ask([{ statement: selectLayout, values: [] }]);
      checkLayout(numberOf(layout, 0), place);
      const [rows, notedPaths = []] = await ask([
        { statement: selectComponents, values: [] },
        { statement: noting.select, values: [] },
      ]);
      const noted = toComponents(rows);
      const changed = components.filter((one) => !noted.some((other) => isSame(one, other)));
      const paths = components.flatMap(pathsOf).filter((path) => !isNoted(notedPaths, path));
      if (changed.length + paths.length > 0 && !server.standby) await note(changed, paths);
      return server;
    },
    checkWritable: async () => {
      if (!standby) return;
      const [[row] = []] = await ask([{ statement: selectServer, values: [] }]);
      standby = toServer(row, place).standby;
      if (!standby) return;
      const message = `${place} is a standby, which cannot be written. Name the primary.`;
      throw new ContextbaseError("storage_read_only", message, { details: { place } });
    },
    components: async () => [...new Map((await schemaVersions()).map((one) => [one.name, one])).values()],
    schemaVersions,
    noteSchemas: async (components) => {
      const noted = await schemaVersions();
      const missing = components.filter((one) => !noted.some((other) => isSame(one, other)));
      if (missing.length > 0) await ask(writeTogether(missing.map(toNote)));
    },
  };
};
