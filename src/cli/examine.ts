import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ContextbaseError } from "../base/errors.ts";
import type { Finding } from "../index.ts";
import { openStore, storeExists } from "./open-store.ts";
import { startProgress } from "./progress.ts";
import { readSettings, type Settings, type StoreOptions } from "./settings.ts";

const megabyte = 1024 * 1024;
const scarceBytes = 1024 * megabyte;
const criticalBytes = 64 * megabyte;

/** Node's version that the package needs, as package.json says. */
const neededNode = [22, 19] as const;

/** Looks at everything that a command on this store stands on, one thing after another. */
export async function* examine(options: StoreOptions): AsyncGenerator<Finding> {
  yield checkNode(process.versions.node);
  let settings: Settings;
  try {
    settings = await readSettings(options);
  } catch (cause) {
    yield failed("configuration", cause);
    return;
  }
  yield checkConfiguration(settings);
  const { path } = settings;
  if (settings.url === ":memory:") {
    yield { check: "store", status: "ok", found: "in memory: nothing outlives a command" };
  } else if (path === undefined) {
    yield* checkStore(settings, "Examining the database", () => settings.place);
  } else {
    yield* checkKey(settings);
    yield checkDisk(path);
    yield* checkFile(settings, path);
  }
}

const checkNode = (version: string): Finding => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor, neededMinor] = neededNode;
  const fits = major > neededMajor || (major === neededMajor && minor >= neededMinor);
  if (fits) return { check: "node", status: "ok", found: version };
  return {
    check: "node",
    status: "fail",
    found: version,
    mend: `Install Node ${neededNode.join(".")} or newer.`,
  };
};

const checkConfiguration = ({ configuration, components }: Settings): Finding => {
  const there = components.map(({ name }) => name).join(", ") || "no components";
  if (configuration !== undefined)
    return { check: "configuration", status: "ok", found: `${configuration} (${there})` };
  const mend = "Write one to declare components of your own: contextbase new --help";
  return {
    check: "configuration",
    status: "warn",
    found: `no contextbase.config.ts here or above (${there})`,
    mend,
  };
};

function* checkKey({ key, path }: Settings): Generator<Finding> {
  const check = "key";
  if (key === undefined) return;
  if ("key" in key) {
    yield { check, status: "ok", found: "in CONTEXTBASE_KEY" };
  } else if (existsSync(key.file)) {
    const mode = statSync(key.file).mode & 0o777;
    const open = process.platform !== "win32" && (mode & 0o077) !== 0;
    const found = `${key.file} (mode 0${mode.toString(8)})`;
    const mend = `Others can read it: chmod 600 ${key.file}`;
    yield open ? { check, status: "fail", found, mend } : { check, status: "ok", found };
  } else if (path !== undefined && !storeExists(path)) {
    yield { check, status: "ok", found: `${key.file}, to be made with the store` };
  } else if (key.named) {
    const mend = "Bring it back from a copy, or name another one with --key-file.";
    yield { check, status: "fail", found: `${key.file} is missing`, mend };
  }
}

const checkDisk = (path: string): Finding => {
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${Math.floor(free / megabyte).toLocaleString("en")} MiB free`;
  if (free >= scarceBytes) return { check: "disk", status: "ok", found };
  const mend = "Free some space: what cannot be written is refused.";
  return { check: "disk", status: free < criticalBytes ? "fail" : "warn", found, mend };
};

async function* checkFile(settings: Settings, path: string): AsyncGenerator<Finding> {
  if (storeExists(path)) {
    const size = (): string => `${path} (${(statSync(path).size / megabyte).toFixed(1)} MiB)`;
    yield* checkStore(settings, "Examining every page", size);
  } else {
    const mend = "The commands put, import, serve and move make one.";
    yield { check: "store", status: "warn", found: `there is none at ${path}`, mend };
  }
}

async function* checkStore(
  settings: Settings,
  doing: string,
  describe: () => string,
): AsyncGenerator<Finding> {
  const check = "store";
  const progress = startProgress(doing);
  try {
    // Without components, none is noted: a look changes nothing.
    const base = await openStore({ ...settings, components: [] }, "fail", () => undefined);
    const findings = await base.check().finally(base.close);
    progress.finish();
    yield { check, status: "ok", found: describe() };
    yield* findings;
  } catch (cause) {
    progress.finish();
    yield failed(check, cause);
  }
}

const failed = (check: string, cause: unknown): Finding => {
  if (!(cause instanceof ContextbaseError)) throw cause;
  return { check, status: "fail", found: `${cause.message} [${cause.code}]` };
};
