import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, finish, start } from "./run.ts";

describe("the command line", () => {
  it("[L1] prints its help on stdout where it is asked for, and else on stderr, as a wrong use", async () => {
    const cwd = temporaryFolder();
    const [asked, bare] = await Promise.all([contextbase(["--help"], { cwd }), contextbase([], { cwd })]);
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect(asked.stdout).toContain("Usage: contextbase");
    expect(bare).toMatchObject({ code: 2, stdout: "" });
    expect(bare.stderr).toContain("Usage: contextbase");
  });

  it("[L1] suggests what was meant by a typo, in one line, and exits 2", async () => {
    const cwd = temporaryFolder();
    const [command, option, argument, missing] = await Promise.all([
      contextbase(["histry", "Document", "x"], { cwd }),
      contextbase(["list", "Document", "--tpye", "file"], { cwd }),
      contextbase(["get", "Document", "x", "--version", "two"], { cwd }),
      contextbase(["get", "Document"], { cwd }),
    ]);
    expect(command).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: unknown command 'histry' (Did you mean history?)\n",
    });
    expect(option).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: unknown option '--tpye' (Did you mean --type?)\n",
    });
    expect(argument.code).toBe(2);
    expect(argument.stderr).toContain("It must be a whole number from 1.");
    expect(missing).toEqual({ code: 2, stdout: "", stderr: "error: missing required argument 'id'\n" });
  });

  it("loads nothing of a store to tell its version, its help or a typo", async () => {
    const tell = `import { registerHooks } from "node:module";
      registerHooks({ load: (url, context, next) => (process.stderr.write(url + "\\n"), next(url, context)) });`;
    const node = ["--import", `data:text/javascript,${encodeURIComponent(tell)}`];
    for (const words of [["--version"], ["--help"], ["get", "--help"], ["histry"], ["get", "Document"]]) {
      const { stderr } = await contextbase(words, { cwd: temporaryFolder(), node });
      expect(stderr).toContain("/cli/main.");
      expect(stderr).not.toMatch(/\/(store|model\/component|engine\/sqlite|zod|ajv)[/.]/);
    }
  });

  it("lists the components that there are where one is unknown", async () => {
    const { code, stdout, stderr } = await contextbase(["get", "Custmer", "c1"], { cwd: temporaryFolder() });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^error: There is no component "Custmer"\. There are: Document .*\[unknown_component\]\n$/,
    );
  });

  it("makes no store where a command only reads", async () => {
    const cwd = temporaryFolder();
    const commands = [
      ["get", "Document", "x"],
      ["list", "Document"],
      ["history", "Document", "x"],
      ["export"],
    ];
    const results = await Promise.all(commands.map((words) => contextbase(words, { cwd })));
    for (const { code, stdout, stderr } of results) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^error: There is no store at .*\[storage_unavailable\]\n$/);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("makes no store where what is to be stored is wrong", async () => {
    const cwd = temporaryFolder();
    const results = await Promise.all([
      contextbase(["put", "Document", "x", "{", "--type", "section"], { cwd }),
      contextbase(["put", "Document", "x", "{}"], { cwd }),
      contextbase(["put", "Document", "x", "{}", "--type", "section"], { cwd }),
      contextbase(["import", "nowhere"], { cwd }),
      contextbase(["import", "."], { cwd }),
    ]);
    expect(results.map(({ code, stderr }) => [code, stderr.split(/[[\]]/).at(-2)])).toEqual([
      [1, "invalid_json"],
      [2, "invalid_argument"],
      [1, "invalid_context"],
      [2, "invalid_argument"],
      [2, "invalid_argument"],
    ]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("shows a stack only where CONTEXTBASE_DEBUG asks for it", async () => {
    const cwd = temporaryFolder();
    const env = { CONTEXTBASE_DEBUG: "1" };
    const [plain, debug] = await Promise.all([
      contextbase(["list", "Document"], { cwd }),
      contextbase(["list", "Document"], { cwd, env }),
    ]);
    expect(plain.stderr.split("\n")).toHaveLength(2);
    expect(debug.stderr).toContain("    at ");
  });

  it("uses no colours where there is no terminal", async () => {
    const { stdout, stderr } = await contextbase(["doctor"], { cwd: temporaryFolder() });
    expect(stdout + stderr).not.toContain("\u001B");
  });

  it("says on an old Node that it is too old, in one line, and exits 2", async () => {
    const old =
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.9.0" } })';
    const node = ["--import", `data:text/javascript,${encodeURIComponent(old)}`];
    const result = await contextbase(["list", "Document"], { cwd: temporaryFolder(), node });
    expect(result).toEqual({
      code: 2,
      stdout: "",
      stderr: "error: contextbase needs Node 22.19 or newer; this is 20.9.0.\n",
    });
  });
});

describe("the configuration", () => {
  const config = (rest: string): string =>
    `import { defineComponent, defineConfig } from "contextbase";
     export default defineConfig({ components: [defineComponent({ name: "Note" })], ${rest} });`;

  it("is found in the folders above, and its paths are relative to it", async () => {
    const home = temporaryFolder();
    const below = join(home, "a", "b");
    mkdirSync(below, { recursive: true });
    writeFileSync(
      join(home, "contextbase.config.ts"),
      config('url: "file:./store/notes.db", keyFile: "keys/notes.key"'),
    );
    const stored = await contextbase(["put", "Note", "test_id", "{}", "--type", "any"], { cwd: below });
    expect(stored).toMatchObject({ code: 0, stdout: 'Note "test_id" is version 1.\n' });
    expect(readdirSync(join(home, "store"))).toEqual(["notes.db"]);
    expect(readdirSync(join(home, "keys"))).toEqual(["notes.key"]);
  });

  it("gives way to the environment, and that to an option", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "contextbase.config.ts"), config('url: "file:./of-config.db"'));
    const env = { CONTEXTBASE_URL: "file:./of-environment.db" };
    const put = ["put", "Note", "n", "{}", "--type", "any"];
    await contextbase([...put, "--url", "file:./of-option.db", "--key-file", "of-option.secret"], {
      cwd,
      env,
    });
    await contextbase(put, { cwd, env });
    await contextbase(put, { cwd });
    expect(readdirSync(cwd).sort()).toEqual([
      "contextbase.config.ts",
      "of-config.db",
      "of-config.key",
      "of-environment.db",
      "of-environment.key",
      "of-option.db",
      "of-option.secret",
    ]);
  });

  it.each([
    [
      "a misspelled option",
      config("ports: 1"),
      /no option "ports"\. It takes: url, keyFile, port, components/,
    ],
    ["a port that is none", config("port: 70000"), /port in contextbase\.config\.ts is 70000/],
    ["no default export", "export const config = {};", /has no default export/],
    [
      "components that are none",
      'export default { components: [{ name: "Note" }] };',
      /what defineComponent gave/,
    ],
    ["a broken file", "export default {", /contextbase\.config\.ts cannot be loaded/],
  ])("is refused for %s, by name", async (_, text, message) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "contextbase.config.ts"), text);
    const { code, stdout, stderr } = await contextbase(["list", "Note"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it("may be named, and must be there then", async () => {
    const cwd = temporaryFolder();
    const result = await finish(
      start("bin/contextbase.js", ["list", "Note", "--config", "other.ts"], { cwd }),
    );
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("There is no configuration");
  });
});
