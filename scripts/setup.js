/**
 * Installs what is missing, before `npm start`, `npm test` and `npm run bench`. Plain JavaScript for Node 18
 * and newer: it runs before there is anything else.
 *
 *     node scripts/setup.js [folder…]      the project itself, and folders with a package.json of their own
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const neededNode = [22, 19];

/** The packages of a lock file by their places; none where it cannot be read. */
const packagesOf = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return {};
  }
};

/** npm notes in node_modules what it installed. Packages for other systems are locked, but not installed. */
const isInstalled = (folder) => {
  const wanted = packagesOf(join(folder, "package-lock.json"));
  const installed = packagesOf(join(folder, "node_modules", ".package-lock.json"));
  const fits = ([place, { version, integrity, optional }]) => {
    const there = installed[place];
    return there ? there.version === version && there.integrity === integrity : optional === true;
  };
  const own = Object.entries(wanted).filter(([place]) => place !== "");
  return own.every(fits) && Object.keys(installed).every((place) => place in wanted);
};

const install = (folder) => {
  const name = relative(root, folder) || "the project";
  process.stderr.write(`Installing what ${name} needs, once. This takes about a minute.\n`);
  const words = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { npm_execpath: npm } = process.env;
  const options = { cwd: folder, encoding: "utf8" };
  const { status, stdout, stderr, error } = npm
    ? spawnSync(process.execPath, [npm, ...words], options)
    : spawnSync("npm", words, { ...options, shell: process.platform === "win32" });
  if (status === 0) return true;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}error: npm ${words.join(" ")} failed in ${folder}`);
  process.stderr.write(error ? ` (${error.message}).\n` : ".\n");
  return false;
};

/** npm puts node_modules/.bin first on the path: where this Node is too old, the one from there runs. */
const hasNode = () => {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1])) return true;
  if (existsSync(join(root, "node_modules", ".bin", "node"))) return true;
  const needed = neededNode.join(".");
  process.stderr.write(
    `error: this is Node ${process.versions.node}, and npm could not install a newer one. Install Node ${needed} or newer.\n`,
  );
  return false;
};

const folders = [root, ...process.argv.slice(2).map((folder) => join(root, folder))];
const ready = folders.every((folder) => isInstalled(folder) || install(folder)) && hasNode();
process.exitCode = ready ? 0 : 1;
