import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { RegisteredComponent } from "../engine/engine.ts";
import {
  type ComparedComponent,
  type ComponentDifference,
  compareComponents,
} from "../model/compatibility/compare-components.ts";
import { type CompatibilityMode, defaultMode, isMode, isTransitive } from "../model/compatibility/mode.ts";
import type { Component } from "../model/component.ts";
import { toRegistered } from "./registered.ts";

/** How a component stands to one of the schema versions that a store noted of it. */
export type NotedComparison = {
  /** The schema version that was noted. */
  readonly schemaVersion: number;
  /**
   * same: it is the component's own, unchanged; changed: its own, and not what was noted. Of another one: compatible,
   * by itself or by upgrades; incompatible; or not compared, since the mode does not look at it.
   */
  readonly status: "same" | "changed" | "compatible" | "upgraded" | "incompatible" | "not compared";
  readonly differences: readonly ComponentDifference[];
};

type Noted = ComparedComponent & { readonly mode: CompatibilityMode };

/** What a store noted was written by this code or an older one, which checked it. */
const toNoted = ({ name, schemaVersion, description }: RegisteredComponent): Noted => {
  const told: unknown = JSON.parse(description);
  const { compatibility, ...parts }: Record<string, unknown> = isObject(told) ? told : {};
  return {
    ...(parts as Omit<ComparedComponent, "name" | "schemaVersion">),
    name,
    schemaVersion,
    mode: isMode(compatibility) ? compatibility : defaultMode,
  };
};

/** Whether there is a change that matters: another text that takes the same values is none. */
const compareOwn = (noted: Noted, component: Noted): NotedComparison => {
  const words = ["what was noted", "what is declared"] as const;
  const { differences } = compareComponents(noted, component, "full", words);
  const status = differences.length === 0 ? "same" : "changed";
  return { schemaVersion: noted.schemaVersion, status, differences };
};

const follow = (older: Noted, newer: Noted, told: number): NotedComparison => {
  const { differences, upgraded } = compareComponents(older, newer, newer.mode);
  const fits = upgraded.length === 0 ? "compatible" : "upgraded";
  return {
    schemaVersion: told,
    status: differences.length === 0 ? fits : "incompatible",
    differences: [...differences, ...upgraded],
  };
};

/**
 * Compares a component with each schema version of it that a store noted. One that comes between others must be such
 * that the newer ones may follow it.
 */
export const compareWithNoted = (
  component: Component,
  registered: readonly RegisteredComponent[],
): NotedComparison[] => {
  const own = toNoted(toRegistered(component));
  const noted = registered.filter(({ name }) => name === component.name).map(toNoted);
  const isKnown = noted.some(({ schemaVersion }) => schemaVersion === own.schemaVersion);
  const versions = [...noted.map(({ schemaVersion }) => schemaVersion), own.schemaVersion];
  const isLooked = (older: Noted, newer: Noted): boolean =>
    isTransitive(newer.mode) ||
    versions.every((one) => one <= older.schemaVersion || one >= newer.schemaVersion);
  return noted.map((one) => {
    const { schemaVersion } = one;
    if (schemaVersion === own.schemaVersion) return compareOwn(one, own);
    const [older, newer] = schemaVersion < own.schemaVersion ? [one, own] : [own, one];
    // Code that is older than others is let in as it was before.
    const isOver = newer === one && isKnown;
    if (isOver || !isLooked(older, newer)) return { schemaVersion, status: "not compared", differences: [] };
    return follow(older, newer, schemaVersion);
  });
};

const mostTold = 3;

/** A difference in one line: where, and why it breaks. */
export const tellDifference = ({ type, path, message }: ComponentDifference): string =>
  `${type === undefined ? "" : `${type}: `}${path}: ${message}`;

const refused = (component: Component, found: NotedComparison, newest: number): ContextbaseError => {
  const { name, schemaVersion, compatibility } = component;
  const told = found.differences.slice(0, mostTold).map(tellDifference).join("; ");
  const others = found.differences.length - mostTold;
  const differences = others > 0 ? `${told}; and ${others} more` : told;
  const change =
    found.status === "changed"
      ? `${name} changed, and its schemaVersion is ${schemaVersion} as before: ${differences}. ` +
        `Raise schemaVersion to ${newest + 1}, so that what is stored is known by the schema it was stored under.`
      : `${name} of schemaVersion ${schemaVersion} does not go with ${found.schemaVersion} by the compatibility ` +
        `${JSON.stringify(compatibility)}: ${differences}. Take what was taken, or declare upgrades; ` +
        `contextbase check ${name} tells what of the store it concerns.`;
  return new ContextbaseError("incompatible_schema", change, {
    component: name,
    details: { schemaVersion, noted: found.schemaVersion, compatibility, differences: found.differences },
  });
};

const isNoted = (component: Component, registered: readonly RegisteredComponent[]): boolean => {
  const { name, schemaVersion, description } = toRegistered(component);
  return registered.some(
    (one) => one.name === name && one.schemaVersion === schemaVersion && one.description === description,
  );
};

/**
 * Makes sure that components go with what a store noted of them. It comes before they are noted; one that is noted as
 * it is was looked at then.
 * @throws ContextbaseError incompatible_schema
 */
export const refuseSchemaChange = (
  components: readonly Component[],
  registered: readonly RegisteredComponent[],
): void => {
  for (const component of components) {
    if (isNoted(component, registered)) continue;
    const compared = compareWithNoted(component, registered);
    const found = compared.find(({ status }) => status === "changed" || status === "incompatible");
    const newest = Math.max(component.schemaVersion, ...compared.map(({ schemaVersion }) => schemaVersion));
    if (found) throw refused(component, found, newest);
  }
};
