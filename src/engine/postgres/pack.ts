import { limits } from "../../base/limits.ts";
import type { ContextKey } from "../engine.ts";
import { compressBody, dictionaryOf, joinBody, snapshotEvery } from "../version-body.ts";
import { bigintArray, bytesArray, integerArray } from "./binary-array.ts";
import { numberOf } from "./rows.ts";
import type { Run } from "./session.ts";
import { type Step, statement } from "./trip.ts";
import { bodyColumns, bodyJoin, readBody } from "./versions.ts";

/** Superseded versions, compressed after the fact: a write is not made to wait for it. */
export type Packing = {
  /** Told of every version that was written; packs those that it completes a block of, in the background. */
  readonly onWritten: (key: ContextKey, version: number) => void;
  /** Ends what is under way; what waits stays as it is. */
  readonly close: () => Promise<void>;
};

type Packed = {
  readonly version: number;
  readonly dictionary: number | undefined;
  readonly encoding: number;
  readonly body: Buffer;
};

/** @param schema quoted */
export const createPacking = (schema: string, { read, write }: Run): Packing => {
  const inKey = "v.tenant = $1 AND v.component = $2 AND v.id = $3";
  const plain = `v.encoding IS NULL AND NOT v.deleted AND octet_length(v.content) <= ${limits.packedBytes}`;
  const selectPlain = statement(
    `SELECT v.version, ${bodyColumns("v")} FROM ${schema}.versions v ${bodyJoin(schema, "v")}
     WHERE ${inKey} AND v.version < $4 AND ${plain} ORDER BY v.version DESC LIMIT ${snapshotEvery}`,
  );
  const selectOne = statement(
    `SELECT v.version, ${bodyColumns("v")} FROM ${schema}.versions v ${bodyJoin(schema, "v")}
     WHERE ${inKey} AND v.version = $4 AND NOT v.deleted`,
  );
  const update = statement(
    `UPDATE ${schema}.versions v SET dictionary = p.dictionary, encoding = p.encoding, body = p.body,
       content = NULL, metadata = NULL, embeddings = NULL
     FROM unnest($4::int8[], $5::int8[], $6::int4[], $7::bytea[]) AS p (version, dictionary, encoding, body)
     WHERE ${inKey} AND v.version = p.version AND v.encoding IS NULL`,
  );

  const joinedOf = (key: ContextKey, row: readonly (string | null)[]): Buffer =>
    joinBody(readBody(key, numberOf(row, 0), row.slice(1)));

  /** The bodies that serve as dictionaries, by their versions; a deletion has none. */
  const readDictionary = async (key: ContextKey, version: number): Promise<Buffer | undefined> => {
    const values = [key.tenant, key.component, key.id, String(version)];
    const [[row] = []] = await read(key.tenant, [{ statement: selectOne, values }]);
    return row && joinedOf(key, row);
  };

  const pack = async (key: ContextKey, before: number): Promise<void> => {
    const { tenant, component, id } = key;
    const [rows = []] = await read(tenant, [
      { statement: selectPlain, values: [tenant, component, id, String(before)] },
    ]);
    const dictionaries = new Map<number, Buffer | undefined>();
    const packed: Packed[] = [];
    for (const row of rows) {
      const version = numberOf(row, 0);
      const nearest = dictionaryOf(version);
      if (nearest !== undefined && !dictionaries.has(nearest))
        dictionaries.set(nearest, await readDictionary(key, nearest));
      const dictionary = nearest === undefined ? undefined : dictionaries.get(nearest);
      const { encoding, body } = compressBody(joinedOf(key, row), dictionary);
      packed.push({ version, dictionary: dictionary && nearest, encoding, body });
      // Compressing is the event loop's own work: others have their turn in between.
      await new Promise(setImmediate);
    }
    if (packed.length > 0) await write(tenant, [updateStep(key, packed)]);
  };

  const updateStep = ({ tenant, component, id }: ContextKey, packed: readonly Packed[]): Step => ({
    statement: update,
    values: [
      tenant,
      component,
      id,
      bigintArray(packed.map(({ version }) => version)),
      bigintArray(packed.map(({ dictionary }) => dictionary)),
      integerArray(packed.map(({ encoding }) => encoding)),
      bytesArray(packed.map(({ body }) => body)),
    ],
  });

  const waiting = new Map<string, { readonly key: ContextKey; readonly before: number }>();
  let packing: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    for (const [name, { key, before }] of waiting) {
      waiting.delete(name);
      // What could not be packed is only larger; the next block of its id takes it along.
      await pack(key, before).catch(() => undefined);
    }
    packing = undefined;
  };

  return {
    onWritten: (key, version) => {
      if (version === 1 || dictionaryOf(version) !== undefined) return;
      if (waiting.size >= limits.packsWaiting) return;
      waiting.set(`${key.component}\0${key.tenant}\0${key.id}`, { key, before: version });
      packing ??= drain();
    },
    close: async () => {
      waiting.clear();
      await packing;
    },
  };
};
