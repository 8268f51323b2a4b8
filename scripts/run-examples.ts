/** Runs every example: each folder of `examples/`, and each ```ts block of the README and the guides. */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

const run = (name: string, file: string, cwd: string): boolean => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd,
    encoding: "utf8",
    timeout: 60_000,
  });
  process.stdout.write(`${status === 0 ? "ran" : "FAILED"}  ${name}\n`);
  if (status !== 0) process.stdout.write(`${stdout}${stderr}\n`);
  return status === 0;
};

const results = globSync("examples/*/main.ts", { cwd: root }).map((example) =>
  run(example, join(root, example), root),
);

// The blocks run inside the project, so that they find `contextbase` as a user's file does.
const folder = mkdtempSync(join(root, "examples", ".blocks-"));
for (const page of ["README.md", ...globSync("docs/**/*.md", { cwd: root })]) {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)];
  for (const [index, [, code = ""]] of blocks.entries()) {
    const file = join(folder, `${page.replaceAll("/", "-")}-${index + 1}.ts`);
    writeFileSync(file, code);
    results.push(run(`${page}, block ${index + 1}`, file, folder));
  }
}
rmSync(folder, { recursive: true });
process.exitCode = results.length > 0 && results.every(Boolean) ? 0 : 1;
