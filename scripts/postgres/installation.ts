/** Where the programs of a PostgreSQL with pgvector are, and how they are run. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Installation = {
  /** The folder that the programs see as `/`: the machine's own, or a Debian root of ours. */
  readonly root: string;
  /** Seen from the root. */
  readonly programs: string;
};

const versions = ["18", "17", "16", "15"];

/** The newest PostgreSQL under `root` that has pgvector, built as Debian does. */
export const findInstallation = (root: string): Installation | undefined => {
  const version = versions.find(
    (version) =>
      existsSync(join(root, `usr/lib/postgresql/${version}/bin/initdb`)) &&
      existsSync(join(root, `usr/share/postgresql/${version}/extension/vector.control`)),
  );
  return version === undefined ? undefined : { root, programs: `/usr/lib/postgresql/${version}/bin` };
};

/** PostgreSQL refuses to run as root; packages make this user for it. */
export const serverUser = (root: string): { readonly user: number; readonly group: number } => {
  const line = readFileSync(join(root, "etc/passwd"), "utf8").match(/^postgres:[^:]*:(\d+):(\d+):/m);
  if (!line) throw new Error(`There is no user postgres in ${join(root, "etc/passwd")}.`);
  return { user: Number(line[1]), group: Number(line[2]) };
};

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The words that run a program of the installation. As root it becomes the server's user on the way. */
export const commandOf = ({ root }: Installation, program: string, ...words: string[]): string[] => {
  if (!isRoot()) return [program, ...words];
  const { user, group } = serverUser(root);
  return ["chroot", `--userspec=${user}:${group}`, `--groups=${group}`, root, program, ...words];
};

export const pgbouncerOf = ({ root }: Installation): string => {
  const [found] = globSync("usr/{sbin,bin}/pgbouncer", { cwd: root });
  if (!found) throw new Error(`There is no pgbouncer under ${root}. Install it (apt-get install pgbouncer).`);
  return `/${found}`;
};
