import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { isDocument, walkDocuments } from "../../src/documents/walk.ts";
import { temporaryFolder } from "../contract/engines.ts";

const makeFolder = (files: readonly string[]): string => {
  const root = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "text");
  }
  return root;
};

describe("walking a folder", () => {
  it("finds Markdown and text, in order, and leaves out what is hidden or installed", async () => {
    const root = makeFolder([
      "b.md",
      "a/z.markdown",
      "a/notes.txt",
      "a/code.ts",
      "LICENSE",
      "README",
      "Readme.rst",
      "image.png",
      ".git/description.txt",
      ".hidden.md",
      "node_modules/x/README.md",
      "a/node_modules/y/README.md",
    ]);
    const { paths, problems } = await walkDocuments(root);
    expect(paths).toEqual(["LICENSE", "README", "Readme.rst", "a/notes.txt", "a/z.markdown", "b.md"]);
    expect(problems).toEqual([]);
    expect((await walkDocuments(root, { nodeModules: true })).paths).toContain("a/node_modules/y/README.md");
  });

  it("follows links to files, and none to folders, so that it never goes in a circle", async () => {
    const root = makeFolder(["docs/a.md"]);
    symlinkSync(root, join(root, "docs", "circle"));
    symlinkSync("a.md", join(root, "docs", "b.md"));
    symlinkSync("/", join(root, "docs", "everything"));
    expect((await walkDocuments(root)).paths).toEqual(["docs/a.md", "docs/b.md"]);
  });

  it("tells what it could not look into", async () => {
    const root = makeFolder(["open/a.md"]);
    symlinkSync("nowhere", join(root, "broken.md"));
    const { paths, problems } = await walkDocuments(root);
    expect(paths).toEqual(["open/a.md"]);
    expect(problems).toEqual([{ path: "broken.md", problem: "cannot be read (ENOENT)" }]);
  });

  it.skipIf(process.getuid?.() === 0)("tells a folder that it may not read (root may read any)", async () => {
    const root = makeFolder(["shut/a.md", "open/b.md"]);
    chmodSync(join(root, "shut"), 0);
    const { paths, problems } = await walkDocuments(root);
    chmodSync(join(root, "shut"), 0o700);
    expect(paths).toEqual(["open/b.md"]);
    expect(problems).toEqual([{ path: "shut", problem: "cannot be read (EACCES)" }]);
  });

  it("knows a document by its name", () => {
    for (const name of ["a.MD", "x.mdx", "CHANGELOG", "LICENSE-MIT", "license_apache", "Contributing"]) {
      expect(isDocument(name), name).toBe(true);
    }
    for (const name of ["a.js", "readme.js", "Makefile", "a.md.bak", "licenses.json", "md"]) {
      expect(isDocument(name), name).toBe(false);
    }
  });
});
