import type { Command } from "commander";
import { limits } from "../../base/limits.ts";
import { toLine } from "../json-output.ts";
import { startProgress } from "../progress.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

export const configureExport = (command: Command, terminal: Terminal): void => {
  withStoreOptions(command).action(async (names: string[], options: StoreOptions) => {
    const settings = await readSettings(options);
    const components =
      names.length === 0 ? settings.components : names.map((name) => findComponent(settings, name));
    await withStore(settings, "fail", terminal, async (base) => {
      const progress = startProgress("Exporting contexts");
      let exported = 0;
      try {
        for (const component of components) {
          const store = base.store(component);
          let cursor: string | undefined;
          do {
            const page = await store.listContexts({
              limit: limits.pageItems,
              cursor,
              signal: terminal.signal,
            });
            for (const context of page.contexts) {
              await terminal.print(toLine(context, component.name));
              progress.update(++exported);
            }
            cursor = page.nextCursor;
          } while (cursor !== undefined);
        }
      } finally {
        progress.finish();
      }
      terminal.say(`Exported ${exported.toLocaleString("en")} contexts.`);
    });
  });
};
