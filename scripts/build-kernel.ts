/** Compiles kernel/ anew into `src/search/vector/kernel-code.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileKernel, kernelSource } from "./kernel/compile.ts";

const code = await compileKernel();
writeFileSync(
  join(import.meta.dirname, "..", "src", "search", "vector", "kernel-code.ts"),
  kernelSource(code),
);
process.stdout.write(`${code.length} bytes\n`);
