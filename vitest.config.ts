import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Each store that searches or writes much starts a thread, and many tests start processes: all of them load the sources.
// Compiled once, as the command line keeps them too, they take a third less.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), "node-compile-cache");

/**
 * Begins with the files that take longest. Where none was run before, vitest goes by their sizes: the shortest, which
 * run a whole contract or generate their cases, would be the last, each beside nothing else.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /^test\/(contract|fuzz)\//.test(relative(import.meta.dirname, moduleId));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: { alias: { contextbase: fileURLToPath(new URL("./src/index.ts", import.meta.url)) } },
  test: {
    include: ["test/**/*.test.ts", "**/*.context.test.ts"],
    exclude: ["**/node_modules/**", "test/fixtures/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
