import { existsSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkOptions, checkWhole } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { Component } from "../model/component.ts";
import type { ContextbaseConfig } from "./define-config.ts";

export type Configuration = ContextbaseConfig & {
  /** Where it was read; undefined where there is none and the defaults hold. */
  readonly file: string | undefined;
};

const fileNames = ["contextbase.config.ts", "contextbase.config.js", "contextbase.config.mjs"];
const known = ["url", "keyFile", "port", "components"];

const invalid = (message: string, cause?: unknown): ContextbaseError =>
  new ContextbaseError("invalid_argument", message, { cause });

/** The configuration of a folder, or of the nearest one above it that has one. */
export const findConfiguration = (folder: string): string | undefined => {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = fileNames.map((name) => join(at, name)).find((file) => existsSync(file));
    if (found !== undefined || at === dirname(at)) return found;
  }
};

/** @throws ContextbaseError invalid_argument, which names the file and what is wrong in it */
export const loadConfiguration = async (file: string): Promise<Configuration> => {
  if (!existsSync(file)) throw invalid(`There is no configuration ${file}.`);
  return { ...checkConfiguration(await importDefault(file), basename(file)), file };
};

const importDefault = async (file: string): Promise<unknown> => {
  if (import.meta.url.endsWith(".ts")) nameSources();
  try {
    const module: unknown = await import(pathToFileURL(file).href);
    return isObject(module) ? module.default : undefined;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`${file} cannot be loaded: ${reason}`, cause);
  }
};

/** In a clone nothing is built: what a configuration there means by `contextbase` are the sources. */
const nameSources = (): void => {
  const url = new URL("../index.ts", import.meta.url).href;
  registerHooks({
    resolve: (name, context, next) =>
      name === "contextbase" ? { url, shortCircuit: true } : next(name, context),
  });
};

const checkConfiguration = (found: unknown, name: string): ContextbaseConfig => {
  if (found === undefined) {
    throw invalid(
      `${name} has no default export. Write: export default defineConfig({ components: [ … ] }).`,
    );
  }
  checkOptions(name, found, known);
  if (!isObject(found)) throw invalid(`${name} must export an object.`);
  const { url, keyFile, port, components } = found;
  if (!Array.isArray(components) || !components.every(isComponent)) {
    throw invalid(`components in ${name} must be an array of what defineComponent gave.`);
  }
  return {
    components,
    ...(url !== undefined && { url: text(url, `url in ${name}`) }),
    ...(keyFile !== undefined && { keyFile: text(keyFile, `keyFile in ${name}`) }),
    ...(port !== undefined && { port: checkWhole(`port in ${name}`, port, 0, 65_535) }),
  };
};

const text = (value: unknown, what: string): string => {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`${what} must be a text.`);
};

const isComponent = (value: unknown): value is Component =>
  isObject(value) &&
  typeof value.name === "string" &&
  typeof value.schemaVersion === "number" &&
  typeof value.describe === "function";
