/**
 * A small Debian with PostgreSQL 17, pgvector and PgBouncer in a folder of its own, made once and kept: nothing
 * of the machine changes but the packages that make it. Needs Debian and root.
 */
import { existsSync, globSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { findMirror } from "./apt-mirror.ts";
import { messageOf, run, say } from "./command.ts";
import { removeFolder } from "./folders.ts";
import { findInstallation, type Installation, isRoot } from "./installation.ts";
import { isAlive } from "./processes.ts";

const debootstrap = "/usr/sbin/debootstrap";
const suite = "trixie";
const packages = ["postgresql-17", "postgresql-17-pgvector", "pgbouncer"];
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const suiteKey = `/usr/share/keyrings/debian-archive-${suite}-stable.gpg`;

/** The few of its thousand lines that show how far debootstrap is. */
const stages =
  /^I: (Valid Release|Resolving dependencies of base|Retrieving postgresql-17 |Extracting libc6|Unpacking the base|Configuring postgresql-17\.|Base system)/;

/** What can be had again and is kept between runs. */
export const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "contextbase", "postgres");

/** The keys of the suite come with apt's own signed packages; without them debootstrap refuses the mirror. */
const installTools = async (): Promise<void> => {
  if (existsSync(debootstrap) && existsSync(suiteKey)) return;
  say("Installing debootstrap.");
  const install = [
    "apt-get",
    "install",
    "-y",
    "--no-install-recommends",
    "debootstrap",
    "debian-archive-keyring",
  ];
  await run(["apt-get", "update"]);
  await run(install);
};

const make = async (mirror: string, folder: string): Promise<void> => {
  say(`Making a Debian root with ${packages.join(", ")} from ${mirror}, once. This takes about a minute.`);
  const words = ["--variant=minbase", "--force-check-gpg", `--keyring=${keyring}`];
  const command = [debootstrap, ...words, `--include=${packages.join(",")}`, suite, folder, mirror];
  await run(command, (line) => {
    if (stages.test(line)) say(line);
  });
};

/** Makes it beside its place, so that what is in its place is always whole. */
const makeAt = async (root: string, mirror: string): Promise<void> => {
  const cache = dirname(root);
  mkdirSync(cache, { recursive: true });
  // A run that was killed leaves its folder, and may leave /proc mounted in it.
  const others = globSync(`${basename(root)}.*`, { cwd: cache });
  for (const name of others) {
    if (!isAlive(Number(name.split(".").at(-1)))) await removeFolder(join(cache, name));
  }
  await installTools();
  const folder = `${root}.${process.pid}`;
  await make(mirror, folder);
  // Another run may have been first to finish: its root may be in use already.
  if (findInstallation(root)) return removeFolder(folder);
  await removeFolder(root);
  renameSync(folder, root);
};

const place = (): string => join(cacheFolder(), `${suite}-root`);

/** The root of an earlier run. */
export const findDebianRoot = (): Installation | undefined =>
  isRoot() ? findInstallation(place()) : undefined;

/** A new root, or why there is none. */
export const makeDebianRoot = async (): Promise<Installation | string> => {
  if (!isRoot()) return "only root can make a Debian root with one";
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID=debian$/m.test(release)) return "this is no Debian, where one could be made";
  const mirror = findMirror(release.match(/^VERSION_CODENAME=(\w+)$/m)?.[1] ?? "");
  if (!mirror) return "apt's sources name no mirror of the Debian archive to make one from";
  const root = place();
  try {
    await makeAt(root, mirror);
  } catch (cause) {
    return `making a Debian root failed: ${messageOf(cause)}`;
  }
  return findInstallation(root) ?? `none came into ${root}`;
};
