import { limits } from "../../../base/limits.ts";
import { waitAtMost } from "../../../base/wait-at-most.ts";
import type { ContextKey } from "../../engine.ts";
import { compressBody, dictionaryOf, joinBody, snapshotEvery } from "../../versions/version-body.ts";
import { bigintArray, bytesArray, integerArray } from "../connection/binary-array.ts";
import { numberOf } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import { type Row, type Step, statement } from "../connection/trip.ts";
import { bodyColumns, bodyJoin, readBody } from "../reading/versions.ts";

/** Superseded versions, compressed after the fact: a write is not made to wait for it. */
export type Packing = {
  /** Told of every version that was written; packs the blocks that it completes, in the background. */
  readonly onWritten: (key: ContextKey, version: number) => void;
  /** Waits for what is still to be packed, for some seconds at most. */
  readonly close: () => Promise<void>;
};

/** What is to be packed of one context: whole blocks, from one version up to another that is not of them. */
type Waiting = { readonly key: ContextKey; readonly from: number; readonly before: number };

type Packed = {
  readonly version: number;
  readonly dictionary: number | undefined;
  readonly encoding: number;
  readonly body: Buffer;
};

/** So many blocks back are looked at too: a process that ended may have left them. */
const blocksBack = 8;

/** @param schema quoted */
export const createPacking = (schema: string, { read, write }: Run): Packing => {
  const inKey = "v.tenant = $1 AND v.component = $2 AND v.id = $3";
  const whole = "v.encoding IS NULL";
  const packable = `${whole} AND NOT v.deleted AND octet_length(v.content) <= ${limits.packedBytes}`;
  const columns = `v.version, v.encoding IS NOT NULL, ${bodyColumns("v")}`;
  const selectFirst = statement(
    `SELECT min(v.version) FROM ${schema}.versions v
     WHERE ${inKey} AND v.version >= $4 AND v.version < $5 AND ${packable}`,
  );
  // The first of a block is the dictionary of the others, whether it is packed itself or is too large for it.
  const selectBlock = statement(
    `SELECT ${columns} FROM ${schema}.versions v ${bodyJoin(schema, "v")}
     WHERE ${inKey} AND v.version >= $4 AND v.version < $5
       AND (${packable} OR v.version = $4 AND NOT ${whole}) ORDER BY v.version`,
  );
  // The dictionary is held before anything is packed by it, so that retention does not remove it meanwhile; where it
  // did, all stay whole as yet.
  const update = statement(
    `WITH dictionary AS MATERIALIZED (
       SELECT v.version FROM ${schema}.versions v WHERE ${inKey} AND v.version = ANY ($5::int8[]) FOR NO KEY UPDATE
     )
     UPDATE ${schema}.versions v SET dictionary = p.dictionary, encoding = p.encoding, body = p.body,
       content = NULL, metadata = NULL, embeddings = NULL
     FROM unnest($4::int8[], $5::int8[], $6::int4[], $7::bytea[]) AS p (version, dictionary, encoding, body)
     WHERE ${inKey} AND v.version = p.version AND ${whole}
       AND (SELECT count(*) FROM dictionary) = (SELECT count(DISTINCT d) FROM unnest($5::int8[]) d)`,
  );

  const select = async (
    select: typeof selectFirst,
    { tenant, component, id }: ContextKey,
    from: number,
    before: number,
  ): Promise<readonly Row[]> => {
    const values = [tenant, component, id, String(from), String(before)];
    return (await read(tenant, [{ statement: select, values }]))[0] ?? [];
  };

  const packBlock = async (key: ContextKey, first: number): Promise<void> => {
    const rows = await select(selectBlock, key, first, first + snapshotEvery);
    let dictionary: Buffer | undefined;
    const packed: Packed[] = [];
    for (const row of rows) {
      const version = numberOf(row, 0);
      const body = joinBody(readBody(key, version, row.slice(2)));
      if (version === first) dictionary = body;
      if (row[1] === "t") continue;
      const nearest = dictionary && dictionaryOf(version);
      const compressed = compressBody(body, nearest === undefined ? undefined : dictionary);
      packed.push({ version, dictionary: nearest, ...compressed });
      // Compressing is the event loop's own work: others have their turn in between.
      await new Promise(setImmediate);
    }
    if (packed.length > 0) await write(key.tenant, [updateStep(key, packed)]);
  };

  const pack = async ({ key, from, before }: Waiting): Promise<void> => {
    const back = Math.max(1, from - blocksBack * snapshotEvery);
    for (let next = back; ; ) {
      const [row] = await select(selectFirst, key, next, before);
      if (!row || row[0] === null) return;
      const first = Math.floor((numberOf(row, 0) - 1) / snapshotEvery) * snapshotEvery + 1;
      await packBlock(key, first);
      next = first + snapshotEvery;
    }
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

  const waiting = new Map<string, Waiting>();
  let packing: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    for (const [name, one] of waiting) {
      waiting.delete(name);
      // What could not be packed is only larger, and is looked at again with the next blocks of its context.
      await pack(one).catch(() => undefined);
    }
    packing = undefined;
  };

  return {
    onWritten: (key, version) => {
      if (version === 1 || dictionaryOf(version) !== undefined) return;
      const name = `${key.component}\0${key.tenant}\0${key.id}`;
      const already = waiting.get(name);
      if (!already && waiting.size >= limits.packsWaiting) return;
      const from = Math.min(already?.from ?? version, version - snapshotEvery);
      waiting.set(name, { key, from, before: Math.max(already?.before ?? 0, version) });
      packing ??= drain();
    },
    close: async () => {
      await waitAtMost(limits.packCloseMilliseconds, packing);
      waiting.clear();
      await packing;
    },
  };
};
