export type {
  AssembledItem,
  AssembleOptions,
  Assembly,
  AssemblyBudget,
  AssemblyOrder,
  AssemblySource,
  ContextVersion,
  MissedContext,
  Reason,
  ReassembleOptions,
  Reassembly,
} from "./assembly/assembly.ts";
export type { Receipt, ReceiptItem } from "./assembly/receipt.ts";
export type { Render, Template, TemplateItem } from "./assembly/template.ts";
export { templates } from "./assembly/templates.ts";
export type { TokenizerName } from "./assembly/tokenizer.ts";
export type {
  Assembling,
  Contextbase,
  ContextbaseSnapshot,
  ContextbaseView,
} from "./assembly/with-assembly.ts";
export type { Clock } from "./base/clock.ts";
export { type ErrorCode, errorTable } from "./base/error-table.ts";
export {
  ContextbaseError,
  ContextNotFoundError,
  type ErrorDetails,
  InvalidContextError,
  VersionConflictError,
} from "./base/errors.ts";
export type { NewId } from "./base/ids.ts";
export type { Json, JsonObject } from "./base/json.ts";
export { limits } from "./base/limits.ts";
export { type ContextbaseConfig, defineConfig } from "./cli/define-config.ts";
export { Document } from "./documents/document.ts";
export type { Engine, Finding } from "./engine/engine.ts";
export type { AsOfOptions, CallOptions } from "./model/call-options.ts";
export {
  type Compatibility,
  checkCompatibility,
} from "./model/compatibility/check-compatibility.ts";
export {
  type ComponentComparison,
  type ComponentDifference,
  compareComponents,
} from "./model/compatibility/compare-components.ts";
export type { DifferenceKind } from "./model/compatibility/difference.ts";
export type { Difference } from "./model/compatibility/find-differences.ts";
export type { CompatibilityMode } from "./model/compatibility/mode.ts";
export type {
  Component,
  ComponentDefinition,
  ContextOf,
  Embed,
  EmbeddingDefinition,
  InputFor,
} from "./model/component.ts";
export { type Context, type ContextInput, type EncodedContext, encodeContext } from "./model/context.ts";
export type { ContextDiff, EmbeddingsDiff } from "./model/context-diff.ts";
export type { ContextSnapshot } from "./model/context-snapshot.ts";
export type {
  Change,
  ChangedContext,
  ContextPage,
  ContextStore,
  CountOptions,
  DeleteOptions,
  HistoryOptions,
  HistoryPage,
  ListOptions,
  MergedContext,
  MergeInput,
  Operation,
  RetrieveOptions,
  RevertOptions,
  StoreOptions,
  UpdateOptions,
  VersionEntry,
  WatchOptions,
  WriteOptions,
} from "./model/context-store.ts";
export type { ComponentDescription } from "./model/description.ts";
export type { JsonPatch, PatchOperation } from "./model/json-patch.ts";
export { MergeConflictError } from "./model/merge-conflict-error.ts";
export type {
  MergeConflict,
  MergeFunction,
  MergePolicies,
  MergePolicy,
  MergePolicyName,
} from "./model/merging.ts";
export type { Retention, Thinning, ThinRule } from "./model/retention.ts";
export type { JsonSchema, LibrarySchema, Schema } from "./model/schema.ts";
export type { Boost, Hit, Hits, PlanStep, SearchOptions, Snippet, Why } from "./model/searching.ts";
export type {
  Upgrade,
  UpgradeDefinitions,
  UpgradeDescription,
  UpgradeInput,
  UpgradeOutput,
} from "./model/upgrades.ts";
export type { OrderBy, Where, WhereOperators, WhereValue } from "./model/where.ts";
export type { Monitor, MonitorSnapshot, Timing } from "./monitoring/monitor.ts";
export { type OpenOptions, openContextbase } from "./open.ts";
export { type Embedder, openAiEmbeddings } from "./search/embedder/open-ai-embeddings.ts";
export type { OpenAiEmbeddingsOptions } from "./search/embedder/open-ai-options.ts";
export { makeKeyFile, readKeyFile } from "./security/key.ts";
export {
  type ComponentError,
  type DefinedComponent,
  defineComponent,
  type StoreSource,
} from "./store/define-component.ts";
export type { WriteRecord } from "./store/find-write.ts";
export type { Principal } from "./store/principal.ts";
export type { PruneOptions, PruneProgress, PruneResult } from "./store/sweeping/sweeper-whole.ts";
export type { SkippedContext, Undone, UndoneContext, UndoOptions, UndoTarget } from "./store/undo/undoing.ts";
export { applyPatch } from "./versioning/apply-patch.ts";
export { createPatch } from "./versioning/create-patch.ts";
export { type MergeResult, mergeValues } from "./versioning/merge-values.ts";
