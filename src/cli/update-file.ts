import { ContextbaseError } from "../base/errors.ts";
import { parseKey } from "../security/key.ts";
import { updateFile } from "../update.ts";
import { openWith } from "./open-store.ts";
import type { Settings } from "./settings.ts";
import { tellPlan, toFields, toSql } from "./tell-layout.ts";
import type { Terminal } from "./terminal.ts";

export type UpdateFileOptions = { readonly dryRun: boolean; readonly json: boolean };

/**
 * Takes the file that the settings name to the newest layout, or tells what there is to do.
 * @throws ContextbaseError invalid_argument where they name none; storage_unavailable where there is none
 */
export const updateStoreFile = async (
  settings: Settings,
  { dryRun, json }: UpdateFileOptions,
  { print, say }: Pick<Terminal, "print" | "say">,
): Promise<void> => {
  const { place, path } = settings;
  if (path === undefined) {
    const message = "A store in memory is always at the newest layout. Name one that lasts.";
    throw new ContextbaseError("invalid_argument", message);
  }
  const plan = await openWith(settings, "fail", say, (key) =>
    updateFile(path, key === undefined ? undefined : parseKey(key, "CONTEXTBASE_KEY"), { dryRun }),
  );
  const isOlder = plan.pending.length > 0;
  const done = isOlder && !dryRun;
  for (const line of tellPlan(plan, place)) say(line);
  if (isOlder && dryRun) say("Nothing was changed. Whatever opens the file does this first.");
  if (json) await print(JSON.stringify({ place, ...toFields(plan, { done, dryRun }) }));
  else if (dryRun && isOlder) await print(toSql(plan));
  else if (done) await print(`Done: ${place} has store layout ${plan.target}.`);
  else await print(`Nothing to do: ${place} has store layout ${plan.target}.`);
};
