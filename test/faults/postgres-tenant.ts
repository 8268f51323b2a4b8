/** Stores on a PostgreSQL server of the test file's own, by a way that can be broken. */
import { expect, onTestFinished } from "vitest";
import type { PostgresOptions } from "../../src/engine/postgres/index.ts";
import type { Contextbase, ContextbaseView, ContextStore } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { openThrough, type ServerUnderTest } from "./postgres-server.ts";

/** A tenant for each test, so that each has a change log of its own. */
let tenants = 0;
const newTenant = (): string => `tenant-${++tenants}`;

export const contextOf = (id: string, n = 1) => ({ id, type: "t", content: { n } });

/** The ids that were written of a tenant, in their order. */
export const writesOf = async (view: ContextbaseView): Promise<string[]> => {
  const end = new AbortController();
  const told: string[] = [];
  const last = "the last one";
  await view.store(Anything).storeContext(contextOf("last"), { write: last });
  for await (const change of view.watch({ after: 0, signal: end.signal })) {
    if (change.write === last) break;
    expect(change.position).toBe(told.length + 1);
    told.push(change.id);
  }
  return told;
};

export type OpenedThrough = {
  readonly base: Contextbase;
  readonly tenant: string;
  readonly view: ContextbaseView;
  readonly store: ContextStore<typeof Anything>;
};

/** Opens a store by way of the proxy, for a tenant of its own that has one context, `first`. */
export const openTenant = async (
  given: ServerUnderTest,
  options: PostgresOptions = {},
): Promise<OpenedThrough> => {
  const base = await openThrough(given, options);
  const tenant = newTenant();
  const view = base.as({ id: "tester", tenant });
  const store = view.store(Anything);
  await store.storeContext(contextOf("first"));
  return { base, tenant, view, store };
};

/** Looks at what goes through the proxy until the test is over. */
export const watchOnce = (
  given: ServerUnderTest,
  watch: Parameters<ReturnType<ServerUnderTest["proxy"]>["watch"]>[0],
): void => {
  given.proxy().watch(watch);
  onTestFinished(() => given.proxy().watch(undefined));
};
