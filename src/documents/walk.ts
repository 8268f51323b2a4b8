import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { codeOf } from "./read-document.ts";

export type Problem = { readonly path: string; readonly problem: string };

export type Walk = {
  /** The documents below a folder, relative to it, with `/` between the names, in order. */
  readonly paths: readonly string[];
  /** What could not be looked into. It may be a folder that holds documents. */
  readonly problems: readonly Problem[];
};

export type WalkOptions = {
  /** Whether the walk goes into `node_modules` below the root, too. */
  readonly nodeModules?: boolean;
};

const markdown = [".md", ".markdown", ".mdx"];
const plain = [".txt", ".text", ".rst"];
const named =
  /^(readme|changelog|changes|history|news|license|licence|copying|notice|authors|contributors|contributing|security)([-_]\w+)*$/i;

export const isMarkdown = (path: string): boolean => markdown.includes(extname(path).toLowerCase());

/** Whether it is a text by its name. */
export const isDocument = (path: string): boolean =>
  isMarkdown(path) || plain.includes(extname(path).toLowerCase()) || named.test(basename(path));

/**
 * Finds the documents below a folder. What is hidden is left out. Links to files are followed, links to
 * folders are not: a walk never leaves its folder and never goes in a circle.
 */
export const walkDocuments = async (root: string, options: WalkOptions = {}): Promise<Walk> => {
  const paths: string[] = [];
  const problems: Problem[] = [];

  const note = (path: string, cause: unknown): void => {
    problems.push({ path, problem: `cannot be read (${codeOf(cause)})` });
  };
  const isLinkToFile = async (path: string): Promise<boolean> => {
    try {
      return (await stat(join(root, path))).isFile();
    } catch (cause) {
      note(path, cause);
      return false;
    }
  };
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const { name } = entry;
      const path = folder === "" ? name : `${folder}/${name}`;
      if (name.startsWith(".") || (name === "node_modules" && !options.nodeModules)) continue;
      if (entry.isDirectory()) await walk(path).catch((cause: unknown) => note(path, cause));
      else if (!isDocument(name)) continue;
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isLinkToFile(path)))) paths.push(path);
    }
  };

  await walk("");
  return { paths, problems };
};
