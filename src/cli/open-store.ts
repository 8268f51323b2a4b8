import { existsSync, mkdirSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { ContextbaseError } from "../base/errors.ts";
import type { Engine } from "../engine/engine.ts";
import { makeKeyFile, parseKey, readKeyFile } from "../security/key.ts";
import type { Contextbase } from "../store/contextbase.ts";
import type { KeySetting, Settings } from "./settings.ts";

/** Says something to the person at the terminal. */
export type Say = (line: string) => void;

/** Opens what a command works on, with the key that was found for it. */
export type Open<Opened> = (key: Uint8Array | string | undefined) => Promise<Opened>;

/**
 * Opens the store that a command works on.
 * @param ifAbsent what to do where there is none: make it, with its key, and say so; or fail
 * @throws ContextbaseError storage_unavailable where there is none; and as openContextbase
 */
export const openStore = (settings: Settings, ifAbsent: "make" | "fail", say: Say): Promise<Contextbase> => {
  const { url, components } = settings;
  return openWith(settings, ifAbsent, say, async (key) => {
    // Loaded here alone: it takes longer than to find that there is no store.
    const { openContextbase } = await import("../open.ts");
    return openContextbase({ url, key, components });
  });
};

/** The same of its engine alone. */
export const openStoreEngine = (settings: Settings, ifAbsent: "make" | "fail", say: Say): Promise<Engine> =>
  openWith(settings, ifAbsent, say, async (key) => {
    const { openEngine } = await import("../open.ts");
    return openEngine(settings.url, key === undefined ? undefined : parseKey(key, "CONTEXTBASE_KEY"));
  });

/** The same with an opening of the caller's own. */
export const openWith = async <Opened>(
  settings: Settings,
  ifAbsent: "make" | "fail",
  say: Say,
  open: Open<Opened>,
): Promise<Opened> => {
  const { path } = settings;
  if (path === undefined) return open(undefined);
  if (storeExists(path)) return openExisting(settings, path, open);
  if (ifAbsent === "fail") {
    const message = `There is no store at ${path}. The commands put, import, serve and move make one.`;
    throw new ContextbaseError("storage_unavailable", message, { details: { path } });
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const opened = await open(keyForNew(settings.key, say));
  say(`Made a new store, encrypted: ${path}`);
  return opened;
};

/** Who acts, as histories name it: the user of this machine. */
export const currentActor = (): string => {
  try {
    return userInfo().username || "unknown";
  } catch {
    // A container may run as a user that its system has no name for.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
};

export const storeExists = (path: string): boolean => existsSync(path) && statSync(path).size > 0;

const openExisting = async <Opened>({ key }: Settings, path: string, open: Open<Opened>): Promise<Opened> => {
  if (key === undefined || "key" in key) return open(key?.key);
  if (existsSync(key.file)) return open(readKeyFile(key.file));
  const missing = (cause?: unknown): ContextbaseError => {
    const message = `${path} is encrypted, and its key file ${key.file} is missing. Bring it back, or name another one with --key-file.`;
    return new ContextbaseError("wrong_key", message, { cause, details: { path, keyFile: key.file } });
  };
  if (key.named) throw missing();
  try {
    return await open(undefined);
  } catch (cause) {
    throw cause instanceof ContextbaseError && cause.code === "wrong_key" ? missing(cause) : cause;
  }
};

const keyForNew = (key: KeySetting | undefined, say: Say): Uint8Array | string | undefined => {
  if (key === undefined || "key" in key) return key?.key;
  if (existsSync(key.file)) return readKeyFile(key.file);
  mkdirSync(dirname(key.file), { recursive: true, mode: 0o700 });
  const made = makeKeyFile(key.file);
  say(`Made a new key (mode 0600): ${key.file}`);
  say("Keep a copy of it: without the key nobody can read the store.");
  return made;
};
