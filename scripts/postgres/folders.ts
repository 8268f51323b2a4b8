/** The folders that servers live in, and how they are removed with all that is mounted in them. */
import { chmodSync, chownSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";
import { type Installation, isRoot, serverUser } from "./installation.ts";

/** A folder of the server's user on the disk that the root is on, for `/tmp` may be memory. */
export const makeFolder = ({ root }: Installation): string => {
  const folder = mkdtempSync(join(root, "var/tmp/contextbase-"));
  chmodSync(folder, 0o755);
  giveToServer(root, folder);
  return folder;
};

export const giveToServer = (root: string, path: string): void => {
  if (!isRoot()) return;
  const { user, group } = serverUser(root);
  chownSync(path, user, group);
};

/** How the server's programs, which see the installation's root as `/`, name a path of the machine. */
export const inside = ({ root }: Installation, path: string): string =>
  root === "/" ? path : path.slice(root.length);

/** What was mounted inside goes first: removing through a mounted /proc or disk would reach beyond the folder. */
export const removeFolder = async (folder: string): Promise<void> => {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  const places = mounts.map((line) => line.split(" ")[1] ?? "");
  const inFolder = places.filter((place) => place.startsWith(`${folder}/`));
  for (const place of inFolder.toReversed()) await run(["umount", "--lazy", place]);
  await run(["rm", "-rf", "--one-file-system", folder]);
};
