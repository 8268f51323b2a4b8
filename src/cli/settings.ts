import { dirname, resolve } from "node:path";
import { checkWhole } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import { showUrl } from "../base/show.ts";
import { isPostgres } from "../engine/is-postgres.ts";
import type { Component } from "../model/component.ts";
import { type Configuration, findConfiguration, loadConfiguration } from "./configuration.ts";

/** The options that every command on a store takes. */
export type StoreOptions = { readonly url?: string; readonly keyFile?: string; readonly config?: string };

export type KeySetting =
  /** A key in the environment. */
  | { readonly key: string }
  /** A file that holds the key. `named`: somebody named it; else it is where one is looked for by default. */
  | { readonly file: string; readonly named: boolean };

/** What a command works with: option before environment before configuration before default. */
export type Settings = {
  readonly url: string;
  /** Where the store is, as people are told it: no user, no password. */
  readonly place: string;
  /** The file of the store; undefined where it is none: in PostgreSQL, or in memory. */
  readonly path: string | undefined;
  readonly key: KeySetting | undefined;
  readonly port: number;
  readonly components: readonly Component[];
  readonly configuration: string | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

const defaultUrl = "file:./data/contexts.db";
const defaultPort = 7700;

/** @throws ContextbaseError invalid_argument */
export const readSettings = async (
  options: StoreOptions,
  environment: Environment = process.env,
  folder: string = process.cwd(),
): Promise<Settings> => {
  const configuration = await readConfiguration(options, folder);
  const home = configuration.file === undefined ? folder : dirname(configuration.file);
  const ownUrl = options.url ?? (environment.CONTEXTBASE_URL || undefined);
  const path = ownUrl === undefined ? pathOf(configuration.url ?? defaultUrl, home) : pathOf(ownUrl, folder);
  const port = environment.CONTEXTBASE_PORT
    ? readPort(environment.CONTEXTBASE_PORT, "CONTEXTBASE_PORT")
    : (configuration.port ?? defaultPort);
  const url = path === undefined ? (ownUrl ?? configuration.url ?? defaultUrl) : `file:${path}`;
  if (path === undefined && options.keyFile !== undefined) {
    throw new ContextbaseError("invalid_argument", `--key-file is for files, and ${showUrl(url)} is none.`);
  }
  return {
    url,
    place: path ?? (isPostgres(url) ? showUrl(url) : "in memory, gone with this command"),
    path,
    key:
      path === undefined ? undefined : findKey({ options, environment, folder, configuration, home, path }),
    port,
    components: configuration.components,
    configuration: configuration.file,
  };
};

/** @throws ContextbaseError invalid_argument where it is no port */
export const readPort = (value: string, what: string): number =>
  checkWhole(what, /^\d+$/.test(value) ? Number(value) : value, 0, 65_535);

const readConfiguration = async (options: StoreOptions, folder: string): Promise<Configuration> => {
  const file = options.config === undefined ? findConfiguration(folder) : resolve(folder, options.config);
  if (file !== undefined) return loadConfiguration(file);
  const { Document } = await import("../documents/document.ts");
  return { components: [Document], file };
};

/** An absolute path; undefined for what is no file. */
const pathOf = (url: string, folder: string): string | undefined => {
  if (url.startsWith("file:") && url !== "file:") return resolve(folder, url.slice("file:".length));
  if (url === ":memory:" || isPostgres(url)) return undefined;
  const message = `The url ${JSON.stringify(showUrl(url))} names no store. Use file:PATH, postgres://… or :memory:.`;
  throw new ContextbaseError("invalid_argument", message);
};

type KeyPlaces = {
  readonly options: StoreOptions;
  readonly environment: Environment;
  readonly folder: string;
  readonly configuration: Configuration;
  readonly home: string;
  readonly path: string;
};

const findKey = ({ options, environment, folder, configuration, home, path }: KeyPlaces): KeySetting => {
  if (options.keyFile !== undefined) return { file: resolve(folder, options.keyFile), named: true };
  const { CONTEXTBASE_KEY, CONTEXTBASE_KEY_FILE } = environment;
  if (CONTEXTBASE_KEY) return { key: CONTEXTBASE_KEY };
  if (CONTEXTBASE_KEY_FILE) return { file: resolve(folder, CONTEXTBASE_KEY_FILE), named: true };
  if (configuration.keyFile !== undefined) return { file: resolve(home, configuration.keyFile), named: true };
  return { file: path.endsWith(".db") ? path.replace(/\.db$/, ".key") : `${path}.key`, named: false };
};
