import type { Key, OutdatedQuery, Rewrite, Standing } from "../../engine.ts";
import {
  bigintArray,
  booleanArray,
  bytesArray,
  integerArray,
  textArray,
} from "../connection/binary-array.ts";
import { numberOf, toStored } from "../connection/rows.ts";
import type { Run } from "../connection/run.ts";
import type { Row, Value } from "../connection/trip.ts";
import { foundValues } from "../indexing/found-rows.ts";
import type { Kept } from "../indexing/kept.ts";
import { createRewriteStatements } from "./rewrite-statements.ts";

/** An original that is to stand again, and what it is found by. */
export type PutBack = {
  readonly place: number;
  readonly version: number;
  readonly content: string;
  readonly metadata: string;
  /** Undefined where it is the one that stands. */
  readonly embeddings: Uint8Array | undefined;
};

export type Rewriter = {
  readonly outdated: (query: OutdatedQuery) => Promise<readonly Standing[]>;
  readonly rewrite: (key: Key, rewrites: readonly Rewrite[]) => Promise<number>;
  /** @returns how many; those that were written meanwhile are left alone */
  readonly putBack: (key: Key, originals: readonly PutBack[]) => Promise<number>;
};

const placeColumn = 10;

const countOf = (rows: readonly Row[] | undefined): number => numberOf(rows?.[0] ?? [], 0);

/** @param schema quoted */
export const createRewriter = (schema: string, run: Run, kept: Kept): Rewriter => {
  const statementsFor = kept.forTypes((types) => createRewriteStatements(schema, { types }));

  type Body = Pick<PutBack, "content" | "metadata"> & { readonly embeddings?: Uint8Array | null | undefined };

  /** Writes bodies as one transaction, with what they are found by. */
  const writeBodies = async (
    { tenant, component }: Key,
    name: "rewrite" | "putBack",
    bodies: readonly Body[],
    values: readonly Value[],
  ): Promise<number> => {
    await kept.learn([component]);
    const written = bodies.map(({ content, metadata, embeddings }) => ({
      ...{ component, content, metadata },
      embeddings: embeddings ?? undefined,
    }));
    const found = await kept.rows(tenant, written);
    const statements = statementsFor();
    const { lock, vectors } = statements;
    const foundName = name === "rewrite" ? "foundRewrite" : "foundPutBack";
    const results = await run.write(tenant, [
      { statement: lock, values: [tenant] },
      {
        statement: statements[found.length > 0 ? foundName : name],
        values: [tenant, component, ...values, ...(found.length > 0 ? foundValues(found, vectors) : [])],
      },
      ...kept.forget(tenant, written),
    ]);
    return countOf(results[1]);
  };

  return {
    outdated: async ({ tenant, component, schemaVersion, limit, after }) => {
      const from = [String(after?.schemaVersion ?? 0), String(after?.place ?? 0)];
      const values = [tenant, component, ...from, String(schemaVersion), String(limit)];
      const [rows = []] = await run.read(tenant, [{ statement: statementsFor().outdated, values }]);
      return rows.map((row) => ({ ...toStored(component, row), place: numberOf(row, placeColumn) }));
    },

    rewrite: (key, rewrites) => {
      const each = <Result>(take: (one: Rewrite) => Result): Result[] => rewrites.map(take);
      return writeBodies(key, "rewrite", rewrites, [
        textArray(each(({ id }) => id)),
        bigintArray(each(({ version }) => version)),
        integerArray(each(({ from }) => from)),
        textArray(each(({ type }) => type)),
        integerArray(each(({ schemaVersion }) => schemaVersion)),
        textArray(each(({ content }) => content)),
        textArray(each(({ metadata }) => metadata)),
        booleanArray(each(({ embeddings }) => embeddings !== undefined)),
        bytesArray(each(({ embeddings }) => embeddings ?? undefined)),
      ]);
    },

    putBack: (key, originals) =>
      originals.length === 0
        ? Promise.resolve(0)
        : writeBodies(key, "putBack", originals, [
            bigintArray(originals.map(({ place }) => place)),
            bigintArray(originals.map(({ version }) => version)),
          ]),
  };
};
