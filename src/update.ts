import type { LayoutUpdate, LayoutUpdated } from "./engine/postgres/opening/update.ts";
import type { LayoutPlan } from "./engine/sqlite/opening/update.ts";

export type { LayoutUpdate, LayoutUpdated } from "./engine/postgres/opening/update.ts";

/**
 * Makes the tables of the store that a `postgres://` url names, or takes them to the newest layout.
 * @throws ContextbaseError invalid_argument, newer_layout, storage_…
 */
export const updateStore = async (url: string, update: LayoutUpdate): Promise<LayoutUpdated> => {
  const { updateLayout } = await import("./engine/postgres/index.ts");
  return updateLayout({ url }, update);
};

/**
 * Takes a file to the newest layout, or tells only what there is to do: then not a byte of it changes.
 * @throws ContextbaseError newer_layout, not_a_store, wrong_key, storage_…
 */
export const updateFile = async (
  path: string,
  key: Uint8Array | undefined,
  { dryRun }: { readonly dryRun: boolean },
): Promise<LayoutPlan> => {
  const { planUpdate, updateLayout } = await import("./engine/sqlite/opening/update.ts");
  return dryRun ? planUpdate({ path, key }) : updateLayout({ path, key });
};
