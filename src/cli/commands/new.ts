import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { findConfiguration } from "../configuration.ts";
import { scaffold } from "../scaffold.ts";
import type { Terminal } from "../terminal.ts";

export const configureNew = (command: Command, terminal: Terminal): void => {
  command
    .option("--dir <folder>", "where to", ".")
    .action(async (name: string, { dir }: { readonly dir: string }) => {
      const files = scaffold(name).map((file) => ({ ...file, path: join(dir, file.name) }));
      const there = files.find(({ path }) => existsSync(path));
      if (there) {
        const message = `${there.path} exists already. Remove it, or choose another --dir.`;
        throw new ContextbaseError("invalid_argument", message);
      }
      mkdirSync(dir, { recursive: true });
      for (const { path, text } of files) {
        writeFileSync(path, text, { flag: "wx" });
        await terminal.print(path);
      }
      terminal.say(tellNext(name, dir, files[0]?.name ?? ""));
    });
};

const tellNext = (name: string, dir: string, file: string): string => {
  const missing = ["contextbase", "zod", "vitest"].filter((needed) => !isInstalled(needed, dir));
  const install = missing.length === 0 ? "" : `\n  npm install ${missing.join(" ")}`;
  return `
Next:${install}
  npx vitest run ${join(dir, file.replace(/\.ts$/, ".test.ts"))}
${tellConfiguration(name, join(dir, file))}`;
};

/** How the command line and the server come to know the component. */
const tellConfiguration = (name: string, path: string): string => {
  const found = findConfiguration(dirname(path));
  const from = relative(dirname(found ?? path), path).replaceAll("\\", "/");
  const imported = `import { ${name} } from "./${from}";`;
  if (found !== undefined) {
    return `Add it to ${found}:\n  ${imported}\n  components: [ … , ${name}]`;
  }
  return `Name it in contextbase.config.ts, so that the command line and the server know it:
  import { defineConfig } from "contextbase";
  ${imported}
  export default defineConfig({ components: [${name}] });`;
};

/** Whether a file in that folder could import it: it is installed, or it is the package that the folder lies in. */
const isInstalled = (name: string, dir: string): boolean => {
  const folders = createRequire(join(resolve(dir), "file.js")).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(join(folder, name)) || isPackage(name, dirname(folder)));
};

const isPackage = (name: string, folder: string): boolean => {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return false;
  const found: unknown = JSON.parse(readFileSync(manifest, "utf8"));
  return isObject(found) && found.name === name;
};
