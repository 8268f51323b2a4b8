import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";

export type SmallDisk = {
  readonly folder: string;
  /** Takes all the room that is left, or so many bytes of it. */
  readonly fill: (bytes?: number) => void;
  /** Gives back what `fill` took. */
  readonly free: () => void;
};

const block = Buffer.alloc(64 * 1024, 1);

/** A disk of its own of a few megabytes, gone after the test; the reason where none can be mounted here. */
export const mountSmallDisk = (megabytes: number): SmallDisk | string => {
  const folder = temporaryFolder();
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  if (mounted.status !== 0) return `nothing can be mounted here (${mounted.error ?? mounted.stderr})`;
  onTestFinished(() => {
    spawnSync("umount", ["-l", folder]);
  });
  const ballast = join(folder, "ballast");
  const fill = (bytes = Number.POSITIVE_INFINITY): void => {
    const file = openSync(ballast, "a");
    try {
      for (let written = 0, size = block.length; written < bytes && size > 0; ) {
        try {
          written += writeSync(file, block, 0, size);
        } catch {
          size = Math.floor(size / 2);
        }
      }
    } finally {
      closeSync(file);
    }
  };
  return { folder, fill, free: () => rmSync(ballast, { force: true }) };
};
