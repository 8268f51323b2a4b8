import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkFile } from "../../scripts/campaigns/check-store.ts";
import { linesOf, root } from "../cli/run.ts";
import { killAt, straceProblem } from "../faults/processes.ts";
import { engineOf, fill, key, move, newPlace, type Place } from "./fixture.ts";

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** `contextbase move`, in a process that may be killed. */
const runMove = async (
  from: Place,
  to: Place,
  { command = [], killAtOnce = false }: { command?: readonly string[]; killAtOnce?: boolean } = {},
): Promise<Ended> => {
  const words = ["move", "--from", from.url, "--to", to.url, "--json"];
  const [program = "", ...rest] = [...command, process.execPath, join(root, "bin/contextbase.js"), ...words];
  const child = spawn(program, rest, { cwd: dirname(to.path), stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    if (killAtOnce && stderr.includes("Moving")) child.kill("SIGKILL");
  });
  const [code]: (number | null)[] = await once(child, "close");
  return { code: code ?? null, stdout, stderr };
};

it("[P2] a move that is killed, again and again, arrives whole", { timeout: 180_000 }, async () => {
  const [source, target] = [newPlace(), newPlace(key)];
  writeFileSync(target.path.replace(/\.db$/, ".key"), Buffer.from(key).toString("base64"));
  await fill(source, 5, 3);
  const positions: number[] = [];
  const kill = async (how: Parameters<typeof runMove>[2]) => {
    expect((await runMove(source, target, how)).code).not.toBe(0);
    if (!existsSync(target.path)) return;
    const engine = await engineOf(target);
    const tenants = await engine.tenants("", 10);
    let sum = 0;
    for (const tenant of tenants) sum += await engine.lastPosition(tenant);
    positions.push(sum);
    await engine.close();
    expect(checkFile(target.path)).toEqual([]);
  };
  await kill({ killAtOnce: true });
  if (!straceProblem) {
    for (const nth of [4, 5]) await kill({ command: killAt("fsync,fdatasync", nth) });
  }
  const finished = await runMove(source, target);
  expect(finished.code, finished.stderr).toBe(0);
  expect(positions).toEqual(positions.toSorted((one, other) => one - other));

  const [from, to, straight] = [await engineOf(source), await engineOf(target), await engineOf(newPlace())];
  const hashes = (await move(from, straight)).map(({ tenant, hash }) => ({ tenant, hash }));
  expect(linesOf(finished.stdout).map(({ tenant, hash }) => ({ tenant, hash }))).toEqual(hashes);
  expect(linesOf(finished.stdout).some(({ moved, changes }) => Number(moved) < Number(changes))).toBe(true);
  await to.close();
  expect(checkFile(target.path)).toEqual([]);
});
