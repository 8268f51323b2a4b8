import { describe } from "vitest";
import { asOf } from "./contract/as-of.ts";
import { assembling } from "./contract/assembling.ts";
import { calling } from "./contract/calling.ts";
import { checking } from "./contract/checking.ts";
import { diffing } from "./contract/diffing.ts";
import { embedding } from "./contract/embedding.ts";
import { embeddingFailures } from "./contract/embedding-failures.ts";
import { endingWatches } from "./contract/ending-watches.ts";
import { expiry } from "./contract/expiry.ts";
import { expiryAmongOthers } from "./contract/expiry-among-others.ts";
import { filtering } from "./contract/filtering.ts";
import { listing } from "./contract/listing.ts";
import { merging } from "./contract/merging.ts";
import { mergingAtOnce } from "./contract/merging-at-once.ts";
import { moving } from "./contract/moving.ts";
import { oldVersions } from "./contract/old-versions.ts";
import { ordering } from "./contract/ordering.ts";
import { repeating } from "./contract/repeating.ts";
import { retention } from "./contract/retention.ts";
import { retentionOfStores } from "./contract/retention-of-stores.ts";
import { reverting } from "./contract/reverting.ts";
import { schemas } from "./contract/schemas.ts";
import { searching } from "./contract/searching.ts";
import { searchingAgain } from "./contract/searching-again.ts";
import { searchingAsOf } from "./contract/searching-as-of.ts";
import { searchingReasons } from "./contract/searching-reasons.ts";
import { searchingThreads } from "./contract/searching-threads.ts";
import { searchingVectors } from "./contract/searching-vectors.ts";
import { searchingWords } from "./contract/searching-words.ts";
import { sharing } from "./contract/sharing.ts";
import { snapshots } from "./contract/snapshots.ts";
import { storing } from "./contract/storing.ts";
import { tenants } from "./contract/tenants.ts";
import { undoing } from "./contract/undoing.ts";
import { undoingBeside } from "./contract/undoing-beside.ts";
import { upgrading } from "./contract/upgrading.ts";
import { upgradingFailures } from "./contract/upgrading-failures.ts";
import { versions } from "./contract/versions.ts";
import { watching } from "./contract/watching.ts";
import type { EngineUnderTest } from "./engine-under-test.ts";

const suites = {
  versions,
  oldVersions,
  retention,
  retentionOfStores,
  expiry,
  expiryAmongOthers,
  diffing,
  reverting,
  undoing,
  undoingBeside,
  asOf,
  snapshots,
  checking,
  storing,
  merging,
  mergingAtOnce,
  sharing,
  tenants,
  listing,
  filtering,
  ordering,
  searching,
  searchingAgain,
  searchingAsOf,
  searchingReasons,
  searchingThreads,
  searchingVectors,
  searchingWords,
  assembling,
  repeating,
  calling,
  watching,
  endingWatches,
  moving,
  embedding,
  embeddingFailures,
  upgrading,
  upgradingFailures,
  schemas,
};

/** How long one test may take on a slow machine. */
const timeout = 60_000;

/** The name of a part of the contract. */
export type ContractSuite = keyof typeof suites;

/**
 * Registers the tests that every engine must pass.
 * @param only parts of it, for an engine that was passed already and runs in another setting; left out: all
 */
export const contractSuite = (engine: EngineUnderTest, only?: readonly ContractSuite[]): void => {
  const parts = Object.entries(suites).filter(([name]) => only?.some((one) => one === name) ?? true);
  describe.each(parts)(`%s on ${engine.name}`, { timeout }, (_, suite) => suite(engine));
};
