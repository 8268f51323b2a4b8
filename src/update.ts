import type { LayoutUpdate, LayoutUpdated } from "./engine/postgres/update.ts";

export type { LayoutUpdate, LayoutUpdated } from "./engine/postgres/update.ts";

/**
 * Makes the tables of the store that a `postgres://` url names, or takes them to the newest layout.
 * @throws ContextbaseError invalid_argument, newer_layout, storage_…
 */
export const updateStore = async (url: string, update: LayoutUpdate): Promise<LayoutUpdated> => {
  const { updateLayout } = await import("./engine/postgres/index.ts");
  return updateLayout({ url }, update);
};

/** The newest layout of a file, which it is taken to whenever it is opened. */
export const fileLayout = async (): Promise<number> => {
  const { layoutVersion } = await import("./engine/sqlite/layout.ts");
  return layoutVersion;
};
