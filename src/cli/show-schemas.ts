import { styleText } from "node:util";
import type { SchemasChecked } from "../maintenance/check-schemas.ts";
import type { Component } from "../model/component.ts";
import { type NotedComparison, tellDifference } from "../store/schema-change.ts";
import { printTable } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** What was found of a component; `tried` is undefined where only schemas were compared. */
export type CheckedComponent = {
  readonly component: Component;
  readonly noted: readonly NotedComparison[];
  readonly tried: SchemasChecked | undefined;
};

const breaks = ({ status }: NotedComparison): boolean => status === "changed" || status === "incompatible";

export const isBroken = ({ noted, tried }: CheckedComponent): boolean =>
  noted.some(breaks) || (tried?.failed ?? 0) > 0;

const colours = {
  same: "green",
  compatible: "green",
  upgraded: "green",
  "not compared": "dim",
  changed: "red",
  incompatible: "red",
} as const;

const coloured = (colour: "green" | "red" | "dim", text: string): string =>
  styleText(colour, text, { stream: process.stdout });

const told = {
  same: "the same",
  compatible: "compatible",
  upgraded: "by upgrades",
  "not compared": "not compared",
  changed: "changed under the same schemaVersion",
  incompatible: "incompatible",
} as const;

/** One line for each schema version that was noted, and for what was tried; differences and failures below. */
export const printSchemas = async (
  checked: readonly CheckedComponent[],
  { print }: Terminal,
): Promise<void> => {
  for (const { component, noted, tried } of checked) {
    const { name, schemaVersion, compatibility } = component;
    await print(styleText("bold", `${name} ${schemaVersion} (${compatibility})`, { stream: process.stdout }));
    if (noted.length === 0) await print("  not in this store yet");
    for (const one of noted) {
      await print(`  ${coloured(colours[one.status], told[one.status])}: schemaVersion ${one.schemaVersion}`);
      for (const difference of breaks(one) ? one.differences : []) {
        await print(`    ${tellDifference(difference)} [${difference.kind}]`);
      }
    }
    if (!tried) continue;
    const { versions, failed } = tried;
    const count = (number: number): string => number.toLocaleString("en");
    const fits = `${count(versions - failed)} of ${count(versions)} stored versions fit`;
    await print(`  ${coloured(failed === 0 ? "green" : "red", fits)}`);
  }
};

const head = ["COMPONENT", "TENANT", "ID", "VERSION", "SCHEMA", "PATH", "WHY"];

export const printFailures = async (
  checked: readonly CheckedComponent[],
  terminal: Terminal,
): Promise<void> => {
  const failures = checked.flatMap(({ tried }) => tried?.failures ?? []);
  if (failures.length === 0) return;
  const rows = failures.map(({ component, tenant, id, version, schemaVersion, path, message }) =>
    [component, tenant, id, version, schemaVersion, path, message].map(String),
  );
  await printTable(terminal, head, rows);
  const left = checked.reduce((sum, { tried }) => sum + (tried?.failed ?? 0), 0) - failures.length;
  if (left > 0) terminal.say(`and ${left.toLocaleString("en")} more.`);
};
