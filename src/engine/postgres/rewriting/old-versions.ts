import type { ContextKey } from "../../engine.ts";
import { bigintArray, bytesArray, textArray } from "../connection/binary-array.ts";
import { numberOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { statement } from "../connection/trip.ts";
import { bodyColumns, bodyJoin, readBody } from "../reading/versions.ts";

/** What a superseded version is to be again. */
export type OldVersion = {
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly content: string;
  readonly metadata: string;
  readonly embedded: boolean;
  readonly embeddings: Uint8Array | undefined;
};

/**
 * Gives a superseded version another body. Those that it is the dictionary of stand by themselves from then on: they
 * are unpacked, and packed again with the next block of their context. One that is not kept any more is left alone.
 * @param schema quoted
 */
export const createOldVersions = (schema: string, { read, write }: Run) => {
  const inKey = "v.tenant = $1 AND v.component = $2 AND v.id = $3";
  const select = statement(`
    SELECT v.version, ${bodyColumns("v")} FROM ${schema}.versions v ${bodyJoin(schema, "v")}
    WHERE ${inKey} AND NOT v.deleted AND (v.version = $4 OR v.dictionary = $4)`);
  const unpack = statement(`
    UPDATE ${schema}.versions v SET dictionary = NULL, encoding = NULL, body = NULL, content = p.content,
      metadata = p.metadata, embeddings = p.embeddings
    FROM unnest($4::int8[], $5::text[], $6::text[], $7::bytea[]) AS p (version, content, metadata, embeddings)
    WHERE ${inKey} AND v.version = p.version`);
  const name = statement(
    `UPDATE ${schema}.versions v SET type = $5, schema_version = $6 WHERE ${inKey} AND v.version = $4`,
  );

  return async ({ tenant, component, id }: ContextKey, original: OldVersion): Promise<void> => {
    const key = [tenant, component, id];
    const version = String(original.version);
    const [rows = []] = await read(tenant, [{ statement: select, values: [...key, version] }]);
    const bodies = rows.map((row) => {
      const number = numberOf(row, 0);
      const body = readBody({ component, id }, number, row.slice(1));
      if (number !== original.version) return { version: number, ...body };
      const { content, metadata, embedded, embeddings } = original;
      return { version: number, content, metadata, embeddings: embedded ? embeddings : body.embeddings };
    });
    if (!bodies.some((one) => one.version === original.version)) return;
    await write(tenant, [
      {
        statement: unpack,
        values: [
          ...key,
          bigintArray(bodies.map((one) => one.version)),
          textArray(bodies.map(({ content }) => content)),
          textArray(bodies.map(({ metadata }) => metadata)),
          bytesArray(bodies.map(({ embeddings }) => embeddings)),
        ],
      },
      { statement: name, values: [...key, version, original.type, String(original.schemaVersion)] },
    ]);
  };
};
