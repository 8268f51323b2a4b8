/** Compiles the search kernel, which is AssemblyScript, to WebAssembly with SIMD; its memory is its own to manage. */
import { join } from "node:path";
import { main } from "assemblyscript/asc";

const folder = join(import.meta.dirname, "..", "..", "kernel");
const features = ["--enable", "simd", "--enable", "relaxed-simd"];
const options = ["-O3", "--runtime", "stub", ...features, "--disableWarning"];

/** @throws Error with what the compiler says where it does not compile */
export const compileKernel = async (): Promise<Uint8Array> => {
  let code: Uint8Array | undefined;
  const { error, stderr } = await main(
    ["index.ts", ...options, "--baseDir", folder, "--outFile", "kernel.wasm"],
    {
      writeFile: (_name, contents) => {
        code = Buffer.from(contents);
      },
    },
  );
  if (error || !code) throw new Error(`The kernel does not compile: ${stderr.toString()}`, { cause: error });
  return code;
};

/** The source file that holds the compiled kernel. */
export const kernelSource = (code: Uint8Array): string =>
  [
    "/** The compiled kernel, as base64. Generated from kernel/ by `node scripts/build-kernel.ts`. */",
    "export const kernelCode =",
    `  "${Buffer.from(code).toString("base64")}";`,
    "",
  ].join("\n");
