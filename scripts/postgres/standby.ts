/** A copy of a running cluster that follows it by streaming replication. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Cluster, configure, type Settings, startCluster } from "./cluster.ts";
import { run } from "./command.ts";
import { inside, makeFolder } from "./folders.ts";
import { commandOf } from "./installation.ts";
import type { Urls } from "./roles.ts";

/**
 * The slot keeps, on the primary, what the standby has not yet read, however long it is stopped. The standby's
 * name in `synchronous_standby_names` is that of its slot, which is its cluster name.
 */
export const cloneCluster = async (
  primary: Cluster,
  { adminUrl }: Urls,
  settings: Settings,
): Promise<Cluster> => {
  const { installation } = primary;
  const name = `standby_${randomBytes(4).toString("hex")}`;
  const folder = makeFolder(installation);
  const words = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"];
  await run(
    commandOf(
      installation,
      `${installation.programs}/pg_basebackup`,
      `--pgdata=${inside(installation, join(folder, "data"))}`,
      `--dbname=${primary.adminUrl}`,
      ...words,
      "--create-slot",
      `--slot=${name}`,
    ),
  );
  const standby = { installation, folder, port: Number(new URL(adminUrl).port), adminUrl };
  configure(standby, { cluster_name: name, ...settings });
  await startCluster(standby);
  return standby;
};
