/**
 * Every check of the project, the same by hand (`npm test`) and in CI: format, lint, build, types, tests (tidy
 * among them), exports, examples. All of them run, whatever fails; the last line counts.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "contextbase-check-"));
const report = join(folder, "tests.json");

const steps: readonly (readonly [name: string, command: readonly string[]])[] = [
  ["format and lint", ["biome", "ci", "--error-on-warnings", "."]],
  ["build", ["node", "scripts/build.ts"]],
  ["types", ["tsc", "-p", "."]],
  ["tests", ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile=${report}`]],
  ["exports", ["node", "scripts/check-exports.ts"]],
  ["examples", ["node", "scripts/run-examples.ts"]],
];

const run = (name: string, command: readonly string[]): boolean => {
  process.stdout.write(`\n== ${name}\n`);
  const [program = "", ...words] = command;
  const path = `${join(root, "node_modules", ".bin")}:${process.env.PATH}`;
  const { status } = spawnSync(program, words, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: path },
  });
  return status === 0;
};

/** The tests that vitest counted. Where it wrote no report it did not get that far. */
const countTests = (): Counts => {
  try {
    const counted = JSON.parse(readFileSync(report, "utf8"));
    return {
      passed: Number(counted.numPassedTests),
      failed: Number(counted.numFailedTests),
      skipped: Number(counted.numPendingTests),
    };
  } catch (cause) {
    process.stdout.write(`The tests left no report: ${String(cause)}\n`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
};

const outcomes = steps.map(([name, command]) => ({ name, passed: run(name, command) }));
const tests = countTests();
rmSync(folder, { recursive: true, force: true });

process.stdout.write("\n");
for (const { name, passed } of outcomes) process.stdout.write(`${passed ? "passed" : "FAILED"}  ${name}\n`);
if (tests.skipped > 0) process.stdout.write(`\n${tests.skipped} tests were skipped\n`);
if (!process.env.CONTEXTBASE_TEST_POSTGRES)
  process.stdout.write(
    "\nno PostgreSQL server took part: `node scripts/postgres.ts up --env` brings one up\n",
  );
const failedSteps = outcomes.filter(({ passed }) => !passed).length;
const passed = tests.passed + outcomes.length - failedSteps;
const failed = tests.failed + failedSteps;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
