import { nameProblem } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";
import { checkFinding } from "./check-finding.ts";
import { type CompatibilityMode, compatibilityModes, defaultMode, isMode } from "./compatibility/mode.ts";
import type { Component, ComponentDefinition, ContentSchemas, EmbeddingDefinition } from "./component.ts";
import type { ComponentDescription } from "./description.ts";
import { indexingOf } from "./indexing.ts";
import { checkMerging } from "./merging.ts";
import { checkRetention } from "./retention.ts";
import { type CompiledSchema, compileSchema, type Schema } from "./schema.ts";
import { checkUpgrades, describeUpgrades } from "./upgrades.ts";

const known = [
  "name",
  "types",
  "metadata",
  "embeddings",
  "searchText",
  "indexes",
  "thread",
  "order",
  "merge",
  "retention",
  "schemaVersion",
  "compatibility",
  "upgrades",
];

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_component", message);

const checkComponentName = (name: unknown): void => {
  const fits = typeof name === "string" && /^[A-Z][A-Za-z0-9]*$/.test(name);
  if (fits && name.length <= limits.componentNameCharacters) return;
  throw invalid(
    `The component name ${JSON.stringify(name)} must begin with a capital letter and hold letters and digits ` +
      `only, ${limits.componentNameCharacters} at the most. It names classes and files.`,
  );
};

const checkOptionNames = (name: string, definition: object): void => {
  for (const option of Object.keys(definition)) {
    if (known.includes(option)) continue;
    throw invalid(`${name} has no option ${JSON.stringify(option)}. A component takes: ${known.join(", ")}.`);
  }
};

const checkNumber = (name: string, option: string, value: unknown, most: number): void => {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) return;
  throw invalid(`${name}.${option} is ${String(value)}. It must be a whole number from 1 to ${most}.`);
};

const checkEmbeddings = (name: string, embeddings: EmbeddingDefinition): void => {
  if (!isObject(embeddings)) throw invalid(`${name}.embeddings must be an object: { dimensions }.`);
  for (const option of Object.keys(embeddings)) {
    if (["dimensions", "embed", "model"].includes(option)) continue;
    throw invalid(
      `${name}.embeddings has no option ${JSON.stringify(option)}. It takes: dimensions, embed, model.`,
    );
  }
  const { dimensions, embed, model } = embeddings;
  checkNumber(name, "embeddings.dimensions", dimensions, limits.embeddingDimensions);
  if (embed !== undefined && typeof embed !== "function") {
    throw invalid(`${name}.embeddings.embed must be a function of texts that gives their vectors.`);
  }
  const problem = model === undefined ? undefined : nameProblem(model);
  if (problem !== undefined) throw invalid(`${name}.embeddings.model ${problem}.`);
  if (embed !== undefined && model === undefined) {
    const message = `${name}.embeddings.model is missing. Name what embed calls, so that its vectors are never compared with another model's.`;
    throw invalid(message);
  }
};

const compatibilityOf = (name: string, mode: unknown): CompatibilityMode => {
  if (mode === undefined) return defaultMode;
  if (isMode(mode)) return mode;
  throw invalid(`${name}.compatibility is ${show(mode)}. It is one of: ${compatibilityModes.join(", ")}.`);
};

const compileTypes = (name: string, types: ContentSchemas): ReadonlyMap<string, CompiledSchema> => {
  const compiled = new Map<string, CompiledSchema>();
  for (const [type, schema] of Object.entries(types)) {
    const problem = nameProblem(type);
    if (problem !== undefined) throw invalid(`A type of ${name} ${problem}.`);
    compiled.set(type, compileSchema(schema, `${name}.types.${type}`));
  }
  if (compiled.size === 0) throw invalid(`${name}.types is empty. Leave it out to take any type.`);
  return compiled;
};

/** @throws ContextbaseError invalid_component, naming the option and the mend */
export const compileComponent = <Name extends string, Types extends ContentSchemas, Metadata extends Schema>(
  definition: ComponentDefinition<Name, Types, Metadata>,
): Component<Name, Types, Metadata> => {
  if (!isObject(definition)) throw invalid("defineComponent takes an object.");
  const { name, embeddings, schemaVersion = 1 } = definition;
  checkComponentName(name);
  checkOptionNames(name, definition);
  checkNumber(name, "schemaVersion", schemaVersion, Number.MAX_SAFE_INTEGER);
  if (embeddings !== undefined) checkEmbeddings(name, embeddings);
  const compatibility = compatibilityOf(name, definition.compatibility);
  const upgrades = checkUpgrades(name, definition.upgrades, schemaVersion);
  const finding = checkFinding(name, definition);
  const merge = definition.merge === undefined ? undefined : checkMerging(name, definition.merge);
  const retention = checkRetention(name, definition.retention);
  const types = definition.types === undefined ? undefined : compileTypes(name, definition.types);
  const metadata =
    definition.metadata === undefined ? undefined : compileSchema(definition.metadata, `${name}.metadata`);
  const describe = (): ComponentDescription => ({
    name,
    schemaVersion,
    ...(definition.compatibility && { compatibility }),
    ...(definition.upgrades && upgrades && { upgrades: describeUpgrades(definition.upgrades) }),
    ...(types && {
      types: Object.fromEntries([...types].map(([type, schema]) => [type, schema.jsonSchema])),
    }),
    ...(metadata && { metadata: metadata.jsonSchema }),
    ...(embeddings && {
      embeddings: {
        dimensions: embeddings.dimensions,
        ...(embeddings.model !== undefined && { model: embeddings.model }),
      },
    }),
    ...finding,
    ...(merge && { merge }),
    ...(definition.retention && { retention: definition.retention }),
  });
  return {
    name,
    definition,
    schemaVersion,
    compatibility,
    upgrades,
    types,
    metadata,
    dimensions: embeddings?.dimensions,
    indexing: indexingOf(describe()),
    retention,
    describe,
  };
};
