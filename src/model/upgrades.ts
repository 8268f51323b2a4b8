import { nameProblem } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { show } from "../base/show.ts";

/** What an upgrade is given: a context's body as the schema version before had it. */
export type UpgradeInput = {
  readonly type: string;
  readonly content: JsonObject;
  readonly metadata: JsonObject;
};

/** What it gives: the body in its own schema version. What is left out stays as it was. */
export type UpgradeOutput = {
  readonly type?: string;
  readonly content: { readonly [name: string]: unknown };
  readonly metadata?: { readonly [name: string]: unknown };
};

/** A pure function: what it gives depends on what it is given alone, and it may be called any number of times. */
export type Upgrade = (old: UpgradeInput) => UpgradeOutput;

/**
 * The upgrades to each schema version from the one before: one for all types, or one a type, of which those may be
 * left out where nothing changes. Types are those of the version before.
 */
export type UpgradeDefinitions = {
  readonly [schemaVersion: number]: Upgrade | { readonly [type: string]: Upgrade };
};

/** The same, checked. What comes before the first of them fits as it is. */
export type Upgrades = ReadonlyMap<number, (type: string) => Upgrade | undefined>;

/** Which schema versions have an upgrade: `"all"`, or of which types. */
export type UpgradeDescription = { readonly [schemaVersion: string]: "all" | readonly string[] };

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_component", message);

const checkVersions = (name: string, keys: readonly string[], schemaVersion: number): readonly number[] => {
  const versions = keys.map((key) => {
    if (/^[1-9]\d*$/.test(key) && Number(key) >= 2 && Number(key) <= schemaVersion) return Number(key);
    const most = schemaVersion < 2 ? `${name}.schemaVersion is ${schemaVersion}` : `2 to ${schemaVersion}`;
    throw invalid(
      `${name}.upgrades names ${show(key)}, which is no schema version to upgrade to (${most}). ` +
        "Raise schemaVersion with each change of a schema, and name the upgrade by it.",
    );
  });
  const ordered = versions.sort((a, b) => a - b);
  const first = ordered[0] ?? schemaVersion;
  for (let version = first; version <= schemaVersion; version++) {
    if (ordered[version - first] === version) continue;
    throw invalid(
      `${name}.upgrades has none to ${version}, so that content of ${version - 1} cannot come to ${schemaVersion}. ` +
        `Declare it, as ${version}: {} where nothing changes.`,
    );
  }
  return ordered;
};

const checkStep = (place: string, step: unknown): ((type: string) => Upgrade | undefined) => {
  if (typeof step === "function") return () => step as Upgrade;
  if (!isObject(step)) throw invalid(`${place} must be a function, or an object of one for each type.`);
  for (const [type, upgrade] of Object.entries(step)) {
    const problem = nameProblem(type);
    if (problem !== undefined) throw invalid(`A type of ${place} ${problem}.`);
    if (typeof upgrade === "function") continue;
    throw invalid(`${place}.${type} must be a function: ({ content, metadata }) => ({ content, metadata }).`);
  }
  return (type) => (Object.hasOwn(step, type) ? (step[type] as Upgrade) : undefined);
};

/**
 * The upgrades of a component, without a gap up to its schema version.
 * @throws ContextbaseError invalid_component, naming what is missing
 */
export const checkUpgrades = (
  name: string,
  upgrades: UpgradeDefinitions | undefined,
  schemaVersion: number,
): Upgrades | undefined => {
  if (upgrades === undefined) return undefined;
  if (!isObject(upgrades))
    throw invalid(`${name}.upgrades must be an object: { 2: { type: upgrade }, 3: … }.`);
  const keys = Object.keys(upgrades);
  if (keys.length === 0) return undefined;
  const versions = checkVersions(name, keys, schemaVersion);
  return new Map(versions.map((to) => [to, checkStep(`${name}.upgrades.${to}`, upgrades[to])]));
};

/** Which versions and types have one, as data. */
export const describeUpgrades = (upgrades: UpgradeDefinitions): UpgradeDescription =>
  Object.fromEntries(
    Object.entries(upgrades).map(([to, step]) => [
      to,
      typeof step === "function" ? "all" : Object.keys(step),
    ]),
  );
