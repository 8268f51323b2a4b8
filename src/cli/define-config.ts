import type { Component } from "../model/component.ts";

/** What `contextbase.config.ts` holds. Paths in it are relative to its folder. */
export type ContextbaseConfig = {
  /** Left out: `file:./data/contexts.db`. */
  readonly url?: string;
  /** Left out: beside the store, with the ending `.key`. */
  readonly keyFile?: string;
  /** Left out: 7700. */
  readonly port?: number;
  readonly components: readonly Component[];
};

/** Gives back what it is given, typed: `export default defineConfig({ components: [Customer] })`. */
export const defineConfig = (config: ContextbaseConfig): ContextbaseConfig => config;
