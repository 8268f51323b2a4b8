import type { Command } from "commander";
import { openStore } from "../open-store.ts";
import { startProgress } from "../progress.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { findComponent, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type PruneCommandOptions = StoreOptions & {
  readonly tenant?: string[];
  readonly dryRun?: true;
  readonly json?: true;
};

const details = `
Versions go that the retention of their component does not keep, and contexts that expired become deletions. A store
that is open in a program does so by itself, little by little. The store can be used meanwhile. Of a postgres:// store
give the owner's url; another role does the tenants that are named by --tenant.`;

export const configurePrune = (command: Command, terminal: Terminal): void => {
  command
    .option("--tenant <tenants...>", "only these")
    .option("--dry-run", "only count, and change nothing")
    .option("--json", "print the counts as JSON")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (names: string[], options: PruneCommandOptions) => {
    const settings = await readSettings(options);
    const components = names.map((name) => findComponent(settings, name));
    const { dryRun = false, tenant: tenants, json } = options;
    const base = await openStore(settings, "fail", terminal.say);
    let progress: ReturnType<typeof startProgress> | undefined;
    try {
      const result = await base.prune({
        ...(names.length > 0 && { components }),
        ...(tenants && { tenants }),
        dryRun,
        signal: terminal.signal,
        onProgress: ({ done, total }) => {
          progress ??= startProgress("Going through changes", total);
          progress.update(done);
        },
      });
      progress?.finish();
      const { examined, removed, expired } = result;
      const does = dryRun ? "would be removed" : "removed";
      const told = `${count(removed, "version")} ${does}, ${count(expired, "context")} expired; ${count(examined, "context")} examined.`;
      await terminal.print(json ? JSON.stringify(result) : told);
    } finally {
      progress?.finish();
      await base.close();
    }
  });
};

const count = (number: number, what: string): string =>
  `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
