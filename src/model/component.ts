import type { JsonObject } from "../base/json.ts";
import type { CompatibilityMode } from "./compatibility/mode.ts";
import type { Context, ContextInput } from "./context.ts";
import type { ComponentDescription } from "./description.ts";
import type { Indexing } from "./indexing.ts";
import type { MergePolicies } from "./merging.ts";
import type { Retention, RetentionRules } from "./retention.ts";
import type { CompiledSchema, InputOf, OutputOf, Schema } from "./schema.ts";
import type { UpgradeDefinitions, Upgrades } from "./upgrades.ts";

export type ContentSchemas = { readonly [type: string]: Schema };

/**
 * Makes vectors of texts, in their order. It is called before a write, never within its transaction, and for the
 * query of a search.
 */
export type Embed = (
  texts: readonly string[],
  options: { readonly signal: AbortSignal | undefined },
) => Promise<readonly (readonly number[] | Float32Array)[]>;

export type EmbeddingDefinition = {
  readonly dimensions: number;
  /** Makes the vectors of contexts that are stored without one, and of texts that are searched for. */
  readonly embed?: Embed;
  /** What makes the vectors, by name: those of two models are never compared. Needed with `embed`. */
  readonly model?: string;
};

/** What a component declares. Everything here but schemas of a library and functions is data. */
export type ComponentDefinition<
  Name extends string = string,
  Types extends ContentSchemas = ContentSchemas,
  Metadata extends Schema = Schema,
> = {
  readonly name: Name;
  /** The content schema of each type. Left out: any type, any JSON object. */
  readonly types?: Types;
  /** Left out: any JSON object. */
  readonly metadata?: Metadata;
  /** Left out: embeddings that are not empty are refused. */
  readonly embeddings?: EmbeddingDefinition;
  /** Paths below which every string can be searched by text. Left out: all of the content; empty: none. */
  readonly searchText?: readonly string[];
  /** Paths that filters and orders will use: what has a value there is found without reading every context. */
  readonly indexes?: readonly string[];
  /** Paths whose values, together, name the thread that a context stands in, as the turns of a conversation do. */
  readonly thread?: string | readonly string[];
  /** The path by which the contexts of a thread follow each other. */
  readonly order?: string;
  /** Which versions of a context are kept. Left out: every one. */
  readonly retention?: Retention;
  /** By path in content or metadata, how what two writers changed there is merged. */
  readonly merge?: MergePolicies;
  /** The version of the schemas above, from 1. It is stored with each context. */
  readonly schemaVersion?: number;
  /** How a new schema version must go with those before. Left out: it takes what any of them took. */
  readonly compatibility?: CompatibilityMode;
  /** How content of earlier schema versions becomes content of this one: what is read is upgraded by them. */
  readonly upgrades?: UpgradeDefinitions;
};

/** A definition that was checked and made ready. */
export type Component<
  Name extends string = string,
  Types extends ContentSchemas = ContentSchemas,
  Metadata extends Schema = Schema,
> = {
  readonly name: Name;
  readonly definition: ComponentDefinition<Name, Types, Metadata>;
  readonly schemaVersion: number;
  readonly compatibility: CompatibilityMode;
  readonly upgrades: Upgrades | undefined;
  readonly types: ReadonlyMap<string, CompiledSchema> | undefined;
  readonly metadata: CompiledSchema | undefined;
  readonly dimensions: number | undefined;
  readonly indexing: Indexing;
  readonly retention: RetentionRules | undefined;
  readonly describe: () => ComponentDescription;
};

type MetadataOf<Metadata, Side extends "input" | "output"> = Schema extends Metadata
  ? JsonObject
  : Side extends "input"
    ? InputOf<Metadata>
    : OutputOf<Metadata>;

/** The contexts of a component: one shape per type, told apart by `type`. */
export type ContextOf<C> =
  C extends Component<string, infer Types, infer Metadata>
    ? string extends keyof Types
      ? Context<string, JsonObject, MetadataOf<Metadata, "output">>
      : {
          [Type in keyof Types & string]: Context<
            Type,
            OutputOf<Types[Type]>,
            MetadataOf<Metadata, "output">
          >;
        }[keyof Types & string]
    : never;

/** What can be stored in a component. */
export type InputFor<C> =
  C extends Component<string, infer Types, infer Metadata>
    ? string extends keyof Types
      ? ContextInput<string, JsonObject, MetadataOf<Metadata, "input">>
      : {
          [Type in keyof Types & string]: ContextInput<
            Type,
            InputOf<Types[Type]>,
            MetadataOf<Metadata, "input">
          >;
        }[keyof Types & string]
    : never;
