import { escapeLiteral } from "pg";
import type { Finding } from "../../engine.ts";
import type { Connections } from "../connection/connection.ts";
import { toFault } from "../connection/faults.ts";
import { numberOf, textOf } from "../connection/rows.ts";
import { type Row, statement } from "../connection/trip.ts";
import { layoutVersion } from "../layout/layout.ts";
import { findVectors, vectorQuestions } from "./check-vectors.ts";

/** Each is one look into an index; a server may have more tenants than there is time for. */
const checkedTenants = 100_000;

const restore = "Restore the database from a backup.";

const checkRole = (row: Row): Finding => {
  const [role, unbound, owner] = [textOf(row, 2), row[3] === "t", row[4] === "t"];
  if (unbound) {
    const mend = "Run as a role that is no superuser, has no BYPASSRLS and owns no tables.";
    return { check: "role", status: "warn", found: `${role} bypasses row-level security`, mend };
  }
  if (owner) {
    const mend = "Run as another role, which contextbase update --role gives what it needs.";
    return { check: "role", status: "warn", found: `${role} owns the tables`, mend };
  }
  return { check: "role", status: "ok", found: `${role}, bound by row-level security` };
};

const checkFences = (row: Row): Finding => {
  const open = numberOf(row, 5);
  if (open === 0)
    return { check: "tenants", status: "ok", found: "row-level security is forced on every table" };
  const mend = "Have the owner enable and force row-level security on the tables of the store.";
  return { check: "tenants", status: "fail", found: `${open} tables without row-level security`, mend };
};

const checkLog = (row: Row, sees: boolean): Finding => {
  if (!sees) {
    return { check: "changes", status: "ok", found: "not looked at: this role sees one tenant at a time" };
  }
  const torn = numberOf(row, 0);
  if (torn === 0)
    return { check: "changes", status: "ok", found: "every tenant's log ends where its counter stands" };
  return {
    check: "changes",
    status: "fail",
    found: `${torn} tenants whose log ends elsewhere than its counter`,
    mend: restore,
  };
};

/** Looks at the server, the role and the tables. @param schema quoted */
export const checkStore = async (
  schema: string,
  name: string,
  { place, trip }: Connections,
): Promise<Finding[]> => {
  const contexts = escapeLiteral(`${schema}.contexts`);
  const selectServer = statement(
    `SELECT current_setting('server_version'), pg_is_in_recovery(), current_user, r.rolsuper OR r.rolbypassrls,
       (SELECT pg_has_role(r.oid, relowner, 'USAGE') FROM pg_class WHERE oid = ${contexts}::regclass),
       (SELECT count(*) FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
        WHERE n.nspname = $1 AND t.relkind IN ('r', 'p') AND NOT (t.relrowsecurity AND t.relforcerowsecurity)
          AND t.relname IN ('contexts', 'versions', 'changes', 'writes', 'tenants', 'keys', 'filled', 'texts', 'text_totals', 'vectors'))
     FROM pg_roles r WHERE r.rolname = current_user`,
  );
  const selectTorn = statement(
    `SELECT count(*) FROM (SELECT * FROM ${schema}.tenants LIMIT ${checkedTenants}) t
     WHERE position <> coalesce((SELECT max(position) FROM ${schema}.changes c WHERE c.tenant = t.tenant), 0)`,
  );
  try {
    const [[row = []] = [], [torn = []] = [], ...vectors] = await trip([
      { statement: selectServer, values: [name] },
      { statement: selectTorn, values: [] },
      ...vectorQuestions(schema),
    ]);
    const sees = row[3] === "t" || row[4] === "t";
    const role = row[1] === "t" ? "a standby, which can only be read" : "a primary";
    return [
      { check: "server", status: "ok", found: `PostgreSQL ${textOf(row, 0)}, ${role}` },
      { check: "layout", status: "ok", found: `layout ${layoutVersion}` },
      checkRole(row),
      checkFences(row),
      checkLog(torn, sees),
      findVectors(vectors),
    ];
  } catch (cause) {
    throw toFault(cause, place);
  }
};
