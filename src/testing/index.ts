export { type ContractSuite, contractSuite } from "./contract-suite.ts";
export type {
  Capabilities,
  Capability,
  DataUnderTest,
  EngineUnderTest,
  TestedOptions,
} from "./engine-under-test.ts";
export { type ManualClock, manualClock } from "./manual-clock.ts";
export { type ModelOptions, modelSuite } from "./model-suite.ts";
