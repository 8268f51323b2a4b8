/**
 * The change of store layout 4: how often contents of a tenant were replaced without a change in its log, so that who
 * holds a copy of them learns that it is to be made anew.
 * @param schema quoted
 */
export const countedRewrites = (schema: string): string => `
  ALTER TABLE ${schema}.tenants ADD COLUMN rewrites bigint NOT NULL DEFAULT 0;`;
