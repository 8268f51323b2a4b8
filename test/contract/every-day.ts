import type { ContractSuite } from "../../src/testing/index.ts";

/**
 * The parts of the contract that a setting of an engine may change: what its tables and its statements are made for. The
 * same engine passes all of it in its usual setting every day; CONTEXTBASE_TEST_ALL has every setting pass all.
 */
const parts = [
  "versions",
  "storing",
  "tenants",
  "listing",
  "filtering",
  "searching",
  "searchingVectors",
  "retention",
  "asOf",
  "upgrading",
] as const satisfies readonly ContractSuite[];

/** Undefined: all of it. */
export const everyDay: readonly ContractSuite[] | undefined = process.env.CONTEXTBASE_TEST_ALL
  ? undefined
  : parts;
