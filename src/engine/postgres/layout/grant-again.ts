import { escapeLiteral } from "pg";

/**
 * Lets whoever was let into the tables of a store before into those that a later layout adds.
 * @param schema quoted
 * @param grantsOf the rights that a role gets, by its quoted name
 */
export const grantAgain = (schema: string, grantsOf: (role: string) => string): string => {
  const block = `
  DECLARE role text;
  BEGIN
    FOR role IN SELECT quote_ident(rolname) FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
      JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = ${escapeLiteral(`${schema}.contexts`)}::regclass AND a.privilege_type = 'INSERT' AND a.grantee <> c.relowner
    LOOP
      EXECUTE replace(${escapeLiteral(grantsOf("%ROLE%"))}, '%ROLE%', role);
    END LOOP;
  END`;
  return `\n  DO ${escapeLiteral(block)};`;
};
