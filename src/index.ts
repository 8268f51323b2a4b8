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
export type {
  Component,
  ComponentDefinition,
  ComponentDescription,
  ContextOf,
  InputFor,
} from "./model/component.ts";
export { type Context, type ContextInput, type EncodedContext, encodeContext } from "./model/context.ts";
export type {
  CallOptions,
  Change,
  ChangedContext,
  ContextPage,
  ContextStore,
  DeleteOptions,
  HistoryOptions,
  HistoryPage,
  ListOptions,
  Operation,
  RetrieveOptions,
  UpdateOptions,
  VersionEntry,
  WatchOptions,
  WriteOptions,
} from "./model/context-store.ts";
export type { JsonSchema, LibrarySchema, Schema } from "./model/schema.ts";
export type { Monitor, MonitorSnapshot, Timing } from "./monitoring/monitor.ts";
export { type OpenOptions, openContextbase } from "./open.ts";
export { makeKeyFile, readKeyFile } from "./security/key.ts";
export type { Contextbase, ContextbaseView, WriteRecord } from "./store/contextbase.ts";
export {
  type ComponentError,
  type DefinedComponent,
  defineComponent,
  type StoreSource,
} from "./store/define-component.ts";
export type { Principal } from "./store/principal.ts";
