/** The mirror of the Debian archive that this machine's own apt uses. */
import { globSync, readFileSync } from "node:fs";

type Source = {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly main: boolean;
};

const wordsOf = (text: string | undefined): string[] => text?.split(/\s+/).filter(Boolean) ?? [];

/** A `.sources` file: paragraphs of fields, where a line that begins with a space goes on the one before. */
export const readParagraphs = (text: string): Source[] =>
  text
    .replaceAll(/^#.*\n?/gm, "")
    .replaceAll(/\n[ \t]+/g, " ")
    .split(/\n\s*\n/)
    .map((paragraph) => {
      const pairs = [...paragraph.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)];
      return new Map(pairs.map(([, name = "", value = ""]) => [name.toLowerCase(), value]));
    })
    .filter((fields) => wordsOf(fields.get("types")).includes("deb"))
    .filter((fields) => fields.get("enabled")?.trim().toLowerCase() !== "no")
    .map((fields) => ({
      uris: wordsOf(fields.get("uris")),
      suites: wordsOf(fields.get("suites")),
      main: wordsOf(fields.get("components")).includes("main"),
    }));

/** A `.list` file: `deb [options] uri suite component…`, one to a line. */
export const readLines = (text: string): Source[] =>
  [...text.matchAll(/^deb[ \t]+(?:\[[^\]]*\][ \t]*)?(\S+)[ \t]+(\S+)[ \t]*([^#\n]*)/gm)].map(
    ([, uri = "", suite = "", components]) => ({
      uris: [uri],
      suites: [suite],
      main: wordsOf(components).includes("main"),
    }),
  );

const readSources = (): Source[] => [
  ...globSync("/etc/apt/sources.list.d/*.sources").flatMap((file) =>
    readParagraphs(readFileSync(file, "utf8")),
  ),
  ...globSync("/etc/apt/{sources.list,sources.list.d/*.list}").flatMap((file) =>
    readLines(readFileSync(file, "utf8")),
  ),
];

/** The archive has the machine's own release as a suite; security and other people's repositories have not. */
export const findMirror = (codename: string, sources = readSources()): string | undefined =>
  sources
    .filter(({ suites, main }) => main && suites.includes(codename))
    .flatMap(({ uris }) => uris)
    .find((uri) => /^(https?|file):/.test(uri));
