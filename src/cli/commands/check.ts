import type { Command } from "commander";
import type { Engine } from "../../engine/engine.ts";
import { checkSchemas, type SchemasChecked } from "../../maintenance/check-schemas.ts";
import type { Component } from "../../model/component.ts";
import { compareWithNoted } from "../../store/schema-change.ts";
import { openStoreEngine } from "../open-store.ts";
import { startProgress } from "../progress.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { type CheckedComponent, isBroken, printFailures, printSchemas } from "../show-schemas.ts";
import { findComponent, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type CheckOptions = StoreOptions & {
  readonly tenant?: readonly string[];
  readonly schemasOnly?: true;
  readonly json?: true;
};

const details = `
Each component of contextbase.config.ts is compared with every schema version that the store noted of it, by its
compatibility. Then its schemas and upgrades are tried on every stored context and every old version of every tenant.
Nothing is written and nothing is noted, so it can be run in CI against the store before a release: it exits with 1
where something breaks. Of a postgres:// store give the owner's url; another role tries a tenant at a time, by --tenant.`;

export const configureCheck = (command: Command, terminal: Terminal): void => {
  command
    .option("--schemas-only", "compare the schemas, and read no contexts")
    .option("--tenant <tenants...>", "only the contexts of these")
    .option("--json", "one component a line")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (names: readonly string[], options: CheckOptions) => {
    const settings = await readSettings(options);
    const components =
      names.length === 0 ? settings.components : names.map((name) => findComponent(settings, name));
    const engine = await openStoreEngine(settings, "fail", terminal.say);
    try {
      await engine.open([]);
      const checked = await check(engine, components, options, terminal);
      if (options.json) for (const one of checked) await terminal.print(JSON.stringify(toJson(one)));
      else {
        await printSchemas(checked, terminal);
        await printFailures(checked, terminal);
      }
      if (checked.some(isBroken)) process.exitCode = 1;
    } finally {
      await engine.close();
    }
  });
};

const check = async (
  engine: Engine,
  components: readonly Component[],
  { schemasOnly, tenant: tenants }: CheckOptions,
  { signal }: Terminal,
): Promise<CheckedComponent[]> => {
  const registered = await engine.schemaVersions();
  const tried = schemasOnly
    ? undefined
    : await tryAll(engine, components, { signal, ...(tenants && { tenants }) });
  return components.map((component) => ({
    component,
    noted: compareWithNoted(component, registered),
    tried: tried?.get(component.name),
  }));
};

const tryAll = async (
  engine: Engine,
  components: readonly Component[],
  walk: { readonly signal: AbortSignal; readonly tenants?: readonly string[] },
): Promise<ReadonlyMap<string, SchemasChecked>> => {
  let progress: ReturnType<typeof startProgress> | undefined;
  try {
    return await checkSchemas(engine, components, {
      ...walk,
      onProgress: (looked, total) => {
        progress ??= startProgress("Looking at changes", total);
        progress.update(looked);
      },
    });
  } finally {
    progress?.finish();
  }
};

const toJson = ({ component, noted, tried }: CheckedComponent): object => ({
  component: component.name,
  schemaVersion: component.schemaVersion,
  compatibility: component.compatibility,
  noted,
  ...tried,
});
