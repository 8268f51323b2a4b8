/** The type of a column that keys are made of: code points compare as bytes do, on every server. */
export const keyText = 'text COLLATE "C" NOT NULL';

/** A table of tenants' rows. */
export type TenantTable = {
  readonly name: string;
  /** Columns and primary key; the tenant begins every key, so that the rows can be divided by it. */
  readonly columns: string;
  /** How its rows are kept. */
  readonly storage?: string;
  /** What comes after the table is made. @param table its name with that of the schema */
  readonly after?: (table: string) => string;
};

/**
 * A divided table keeps no rows itself, so that what says how they are kept is said of each part.
 * @param schema quoted
 */
export const makeTable = (
  schema: string,
  { name, columns, storage, after }: TenantTable,
  partitions: number,
): string => {
  const table = `${schema}.${name}`;
  const kept = storage === undefined ? "" : ` WITH (${storage})`;
  const parts = Array.from(
    { length: partitions },
    (_, part) => `
  CREATE TABLE ${table}_${part} PARTITION OF ${table} FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${part})${kept};`,
  );
  const made =
    partitions === 1
      ? `CREATE TABLE ${table} (${columns}\n  )${kept};`
      : `CREATE TABLE ${table} (${columns}\n  ) PARTITION BY HASH (tenant);${parts.join("")}`;
  return `\n  ${made}${after?.(table) ?? ""}\n`;
};

/**
 * The second fence: even a statement without a tenant meets the rows of the transaction's tenant alone. The owner
 * of the tables, who backs up and moves all tenants, has a policy that says so; nobody else has.
 */
export const fence = (table: string): string => `
  ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
  ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
  CREATE POLICY own_tenant ON ${table}
    USING (tenant = current_setting('contextbase.tenant', true))
    WITH CHECK (tenant = current_setting('contextbase.tenant', true));
  CREATE POLICY owner ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true);`;
