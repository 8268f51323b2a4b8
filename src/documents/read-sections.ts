import { join } from "node:path";
import { limits } from "../base/limits.ts";
import type { InputFor } from "../model/component.ts";
import type { Document } from "./document.ts";
import { idOf, nameParts, type Part } from "./parts.ts";
import { readDocument } from "./read-document.ts";
import { splitMarkdown } from "./split-markdown.ts";
import { isMarkdown } from "./walk.ts";

type DocumentInput = InputFor<typeof Document>;

/** A text as the contexts it becomes. */
export type Sections = {
  readonly file: DocumentInput & { readonly id: string };
  readonly sections: readonly (DocumentInput & { readonly id: string })[];
  readonly bytes: number;
};

export type ReadSections = Sections & { readonly problem?: undefined };

/** Where a text comes from: the file at `path` below the folder `root`. `source` begins the ids of its contexts. */
export type DocumentPlace = { readonly source: string; readonly root: string; readonly path: string };

/** Reads a text and splits it: Markdown at its headings, any other text not at all. */
export const readSections = async (
  place: DocumentPlace,
): Promise<ReadSections | { readonly problem: string }> => {
  const read = await readDocument(join(place.root, place.path));
  if (read.problem !== undefined) return read;
  const parts = isMarkdown(place.path) ? splitMarkdown(read.text) : whole(read.text);
  return problemOf(parts) ?? toContexts(place, parts);
};

const whole = (text: string): Part[] => (text.trim() === "" ? [] : [{ text, heading: [], depth: 0 }]);

const problemOf = (parts: readonly Part[]): { readonly problem: string } | undefined => {
  if (parts.length > limits.documentSections) {
    return { problem: `has ${parts.length} sections; ${limits.documentSections} are the most` };
  }
  // No character takes more than six bytes as JSON, so that short texts need no measuring.
  const large = ({ text }: Part): boolean =>
    text.length * 6 > limits.contentBytes &&
    Buffer.byteLength(JSON.stringify({ text })) > limits.contentBytes;
  const found = parts.find(large);
  if (!found) return undefined;
  const name = found.heading.at(-1) ?? "its beginning";
  return { problem: `has a section (${name}) of more than ${limits.contentBytes} bytes as JSON` };
};

/** How many blank lines follow a section depends on whether another one does, and says nothing of its own. */
const withoutBlankEnds = (text: string): string => text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();

const toContexts = ({ source, path }: DocumentPlace, parts: readonly Part[]): ReadSections => {
  const names = nameParts(parts);
  const sections = parts.map(({ text, heading, depth }, index) => ({
    id: idOf(source, path, names[index]),
    type: "section" as const,
    content: { text: withoutBlankEnds(text) },
    metadata: { source, path, heading: [...heading], depth },
  }));
  const file = {
    id: idOf(source, path),
    type: "file" as const,
    content: { path, sections: sections.map(({ id }) => id) },
    metadata: { source, path },
  };
  return { file, sections, bytes: parts.reduce((sum, { text }) => sum + text.length, 0) };
};
