import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compileKernel, kernelSource } from "../../../scripts/kernel/compile.ts";

const file = join(import.meta.dirname, "../../../src/search/vector/kernel-code.ts");

it("[Q6] the compiled kernel is that of its source", async () => {
  const source = kernelSource(await compileKernel());
  expect(readFileSync(file, "utf8"), "Run node scripts/build-kernel.ts").toBe(source);
});
