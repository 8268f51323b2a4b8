import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../contract/engines.ts";
import { contextbase, finish, linesOf, root, start, waitFor } from "./run.ts";

describe("serve", () => {
  it("answers over HTTP what the command line stored, and closes at Ctrl-C", async () => {
    const cwd = temporaryFolder();
    await contextbase(["put", "Document", "a b/c#d", '{"text":"x"}', "--type", "section"], { cwd });
    const child = start("bin/contextbase.js", ["serve", "--port", "0"], { cwd });
    const tries = waitFor(child.stderr, /curl '(\S+contexts\/\S+)'/);
    const [, url = ""] = await waitFor(child.stdout, /Contextbase serves (http:\/\/127\.0\.0\.1:\d+)\n/);
    const [, example = ""] = await tries;
    const response = await fetch(example);
    expect(response.headers.get("ETag")).toBe('"1"');
    expect(await response.json()).toMatchObject({ id: "a b/c#d", content: { text: "x" } });

    const taken = await contextbase(["serve"], { cwd, env: { CONTEXTBASE_PORT: new URL(url).port } });
    expect(taken).toMatchObject({ code: 1, stdout: "" });
    expect(taken.stderr).toMatch(/Cannot listen on port \d+ .*CONTEXTBASE_PORT=\d+ \[cannot_listen\]\n$/);

    child.kill("SIGINT");
    expect((await finish(child)).code).toBe(0);
  });
});

describe("npm start", () => {
  it("[L2] imports real documents, serves them, and makes no new version of them the second time", async () => {
    const cwd = temporaryFolder();
    const env = { CONTEXTBASE_URL: `file:${join(cwd, "data", "contexts.db")}`, CONTEXTBASE_PORT: "0" };
    const run = async (work: (url: string) => Promise<void>): Promise<string> => {
      const child = start("scripts/start.ts", [], { cwd, env });
      let said = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      const [, url = ""] = await waitFor(child.stdout, /Contextbase serves (http:\S+)\n/);
      await work(url);
      child.kill("SIGINT");
      expect(await new Promise((resolve) => child.once("exit", resolve)), said).toBe(0);
      return said;
    };
    const numbers = (said: string): number[][] =>
      [
        ...said.matchAll(
          /([\d,]+) files?; sections: ([\d,]+) new, (\d+) changed, ([\d,]+) unchanged, (\d+) removed/g,
        ),
      ].map((match) => match.slice(1).map((text) => Number(text.replaceAll(",", ""))));

    const first = await run(async (url) => {
      const list = await fetch(`${url}/v1/components/Document/contexts?type=file&limit=1000`);
      const page: { contexts: unknown[] } = JSON.parse(await list.text());
      expect(page.contexts.length).toBeGreaterThan(100);
    });
    expect(first).toContain("Made a new key (mode 0600)");
    const [own = [], installed = []] = numbers(first);
    expect(installed[0]).toBeGreaterThan(100);
    expect(installed[1]).toBeGreaterThan(500);
    const second = await run(async () => undefined);
    expect(numbers(second)).toEqual([own, installed].map(([files, created]) => [files, 0, 0, created, 0]));
    const sizes = await contextbase(["list", "Document", "--type", "section", "--limit", "1", "--json"], {
      cwd,
      env,
    });
    expect(linesOf(sizes.stdout)).toMatchObject([{ version: 1 }]);
  });
});

describe("setup", () => {
  /** A project of one dependency, and an npm that only notes how it was called. */
  const makeProject = (installed: string): { cwd: string; env: Record<string, string> } => {
    const cwd = temporaryFolder();
    const lock = (version: string): string =>
      JSON.stringify({
        packages: {
          ...(version === "1.0.0" && { "": { name: "project" } }),
          "node_modules/a": { version, integrity: `sha512-${version}` },
          ...(version === "1.0.0" && { "node_modules/other-system": { version, optional: true } }),
        },
      });
    mkdirSync(join(cwd, "scripts"));
    cpSync(join(root, "scripts/setup.js"), join(cwd, "scripts/setup.js"));
    writeFileSync(join(cwd, "package.json"), '{"type":"module"}');
    writeFileSync(join(cwd, "package-lock.json"), lock("1.0.0"));
    mkdirSync(join(cwd, "node_modules"));
    if (installed)
      writeFileSync(
        join(cwd, "node_modules/.package-lock.json"),
        lock(installed).replace(/,"node_modules\/other.*?}/, ""),
      );
    writeFileSync(
      join(cwd, "npm.mjs"),
      'console.error(process.argv.slice(2).join(" ")); process.exit(Number(process.env.NPM_EXIT));',
    );
    return { cwd, env: { npm_execpath: join(cwd, "npm.mjs"), NPM_EXIT: "3" } };
  };
  const setUp = async (project: { cwd: string; env: Record<string, string> }) => {
    const { spawnSync } = await import("node:child_process");
    const { status, stderr } = spawnSync(process.execPath, [join(project.cwd, "scripts/setup.js")], {
      encoding: "utf8",
      env: project.env,
    });
    return { status, stderr };
  };

  it("does nothing where what is locked is installed", async () => {
    expect(await setUp(makeProject("1.0.0"))).toEqual({ status: 0, stderr: "" });
  });

  it.each([
    ["nothing is installed", ""],
    ["another version is installed", "0.9.0"],
  ])("installs where %s, says so, and shows what npm said where that fails", async (_, installed) => {
    const project = makeProject(installed);
    const failed = await setUp(project);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain("Installing what the project needs, once.");
    expect(failed.stderr).toContain("ci --include=dev");
    const { status, stderr } = await setUp({ ...project, env: { ...project.env, NPM_EXIT: "0" } });
    expect(status).toBe(0);
    expect(stderr).not.toContain("ci --include=dev");
  });
});
