import { type Contextbase, withAssembly } from "./assembly/with-assembly.ts";
import { checkOptions } from "./base/arguments.ts";
import { type Clock, systemClock } from "./base/clock.ts";
import { ContextbaseError } from "./base/errors.ts";
import { type NewId, newId } from "./base/ids.ts";
import { showUrl } from "./base/show.ts";
import type { Engine } from "./engine/engine.ts";
import { isPostgres } from "./engine/is-postgres.ts";
import type { Component } from "./model/component.ts";
import { parseKey, readKeyFile } from "./security/key.ts";
import { refuseEmbeddingChange } from "./store/embedding/embedding-change.ts";
import { toRegistered } from "./store/registered.ts";
import { refuseSchemaChange } from "./store/schema-change.ts";

export type OpenOptions = {
  /** `file:PATH`, `postgres://…` or `:memory:`. Left out: CONTEXTBASE_URL. */
  readonly url?: string | undefined;
  /** An engine made by hand, in place of `url`. */
  readonly engine?: Engine | undefined;
  /** 32 bytes, or their base64. Left out: CONTEXTBASE_KEY, or the file that CONTEXTBASE_KEY_FILE names. */
  readonly key?: Uint8Array | string | undefined;
  readonly components: readonly Component[];
  /** Memory for cached contexts; 0 caches nothing. Left out: 64 MiB. */
  readonly cacheBytes?: number | undefined;
  /**
   * Whether it removes in the background what is not to be kept. Left out: it does; `false` leaves that to other
   * processes, or to `prune`.
   */
  readonly sweeps?: boolean | undefined;
  readonly clock?: Clock | undefined;
  readonly newId?: NewId | undefined;
};

const known = ["url", "engine", "key", "components", "cacheBytes", "sweeps", "clock", "newId"];

/**
 * Opens a store. An option wins over the environment.
 * @throws ContextbaseError invalid_argument, wrong_key, not_a_store, newer_layout, incompatible_schema, embedding_changed,
 *   storage_…
 */
export const openContextbase = async (options: OpenOptions): Promise<Contextbase> => {
  checkOptions("openContextbase", options, known);
  if (!Array.isArray(options.components)) {
    throw new ContextbaseError("invalid_argument", "openContextbase needs components: [ … ].");
  }
  // Loaded here, as the engine is: what only declares components does without.
  const { createContextbase } = await import("./store/contextbase.ts");
  const engine = options.engine ?? (await openNamed(options));
  try {
    const base = createContextbase({
      engine,
      components: options.components,
      clock: options.clock ?? systemClock,
      newId: options.newId ?? newId,
      cacheBytes: options.cacheBytes,
      sweeps: options.sweeps,
    });
    await engine.open([]);
    refuseSchemaChange(options.components, await engine.schemaVersions());
    await refuseEmbeddingChange(engine, options.components);
    await engine.open(options.components.map(toRegistered));
    return withAssembly(base);
  } catch (cause) {
    await engine.close();
    throw cause;
  }
};

const openNamed = (options: OpenOptions): Promise<Engine> => {
  const url = urlOf(options);
  // The environment may have a key for files; a database has none.
  return openEngine(url, isPostgres(url) && options.key === undefined ? undefined : keyOf(options));
};

/**
 * The engine that a url names.
 * @throws ContextbaseError invalid_argument, and what the engine throws where it cannot be opened
 */
export const openEngine = async (url: string, key: Uint8Array | undefined): Promise<Engine> => {
  if (isPostgres(url)) {
    const { postgres } = await import("./engine/postgres/index.ts");
    return postgres({ url });
  }
  const path = url === ":memory:" ? url : url.startsWith("file:") ? url.slice("file:".length) : "";
  // The driver would open another file than the one that was looked at: it takes spaces off the ends.
  if (path === "" || path !== path.trim()) {
    const message = `The url ${JSON.stringify(showUrl(url))} names no engine. Use file:PATH, postgres://… or :memory:.`;
    throw new ContextbaseError("invalid_argument", message);
  }
  const { sqlite } = await import("./engine/sqlite/index.ts");
  return sqlite({ path, key });
};

const urlOf = (options: OpenOptions): string => {
  const url = options.url ?? process.env.CONTEXTBASE_URL;
  if (url) return url;
  throw new ContextbaseError(
    "invalid_argument",
    'No store is named. Give url: "file:PATH" or "postgres://…", or set CONTEXTBASE_URL.',
  );
};

const keyOf = ({ key }: OpenOptions): Uint8Array | undefined => {
  if (key !== undefined) return parseKey(key, "the option key");
  const { CONTEXTBASE_KEY, CONTEXTBASE_KEY_FILE } = process.env;
  if (CONTEXTBASE_KEY) return parseKey(CONTEXTBASE_KEY, "CONTEXTBASE_KEY");
  return CONTEXTBASE_KEY_FILE ? readKeyFile(CONTEXTBASE_KEY_FILE) : undefined;
};
