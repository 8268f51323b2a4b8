import { expect } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { postgres } from "../../src/engine/postgres/index.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { ContextbaseError, errorTable } from "../../src/index.ts";
import { newSchema, urlOf } from "../faults/postgres-schema.ts";

/** Whatever is refused is refused by an error of the table, and briefly. */
export const expectNamed = (cause: unknown): void => {
  if (!(cause instanceof ContextbaseError))
    throw new Error("It threw what is no ContextbaseError.", { cause });
  expect(Object.keys(errorTable)).toContain(cause.code);
  expect(cause.code).not.toBe("internal");
  // An error that repeats megabytes of what it was given fills logs.
  expect(cause.message.length).toBeLessThan(2_000);
};

/** Where a store is made, and how many runs are made on it. */
export type Place = { readonly name: string; readonly runs: number; readonly create: () => Promise<Engine> };

export const inMemory = async (): Promise<Engine> => sqlite({ path: ":memory:", key: undefined });
export const onServer = async (): Promise<Engine> =>
  postgres({ url: urlOf("app"), schema: await newSchema() });
