#!/usr/bin/env node
// Plain JavaScript that an old Node can read, so that it can say what is wrong.
import { existsSync } from "node:fs";

const needed = [22, 19];
const [major, minor] = process.versions.node.split(".").map(Number);
const sources = new URL("../src/cli/main.ts", import.meta.url);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  process.stderr.write(
    `error: contextbase needs Node ${needed.join(".")} or newer; this is ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  quietWarnings();
  // Half of what a short command takes is the compilation of its code.
  (await import("node:module")).enableCompileCache();
  process.exitCode = existsSync(sources) ? await runSources() : await runBuilt();
}

async function runBuilt() {
  const { main } = await import("../dist/cli/main.js");
  return main(process.argv.slice(2));
}

/** In a clone nothing is built. */
async function runSources() {
  if (!existsSync(new URL("../node_modules", import.meta.url))) {
    process.stderr.write("error: the dependencies are not installed. Run: npm ci\n");
    return 1;
  }
  const { main } = await import(sources.href);
  return main(process.argv.slice(2));
}

/**
 * Node 22 warns of running TypeScript, and of a folder whose package.json has no type; both are meant. What the
 * store itself warns of is told in one line.
 */
function quietWarnings() {
  const shown = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" || warning.code === "MODULE_TYPELESS_PACKAGE_JSON") return;
    // The driver's own affair: ~/.pgpass works as it did.
    if (warning.name === "DeprecationWarning" && warning.message.startsWith("pgpass")) return;
    if (warning.name === "ContextbaseWarning") process.stderr.write(`warning: ${warning.message}\n`);
    else for (const show of shown) show(warning);
  });
}
