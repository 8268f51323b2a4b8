import type { CompatibilityMode } from "./compatibility/mode.ts";
import type { Retention } from "./retention.ts";
import type { JsonSchema } from "./schema.ts";
import type { UpgradeDescription } from "./upgrades.ts";

/** A component as data, to be kept, compared and served. */
export type ComponentDescription = {
  readonly name: string;
  readonly schemaVersion: number;
  readonly compatibility?: CompatibilityMode;
  readonly upgrades?: UpgradeDescription;
  readonly types?: { readonly [type: string]: JsonSchema };
  readonly metadata?: JsonSchema;
  readonly embeddings?: { readonly dimensions: number; readonly model?: string };
  readonly searchText?: readonly string[];
  readonly indexes?: readonly string[];
  readonly thread?: readonly string[];
  readonly order?: string;
  /** The merge policies by path; "function" for one that is none by name. */
  readonly merge?: { readonly [path: string]: string };
  readonly retention?: Retention;
};
