import { statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { checkName } from "../base/arguments.ts";
import { ContextbaseError } from "../base/errors.ts";
import { Document } from "../documents/document.ts";
import { type DocumentSource, type ImportReport, importDocuments } from "../documents/import-documents.ts";
import { walkDocuments } from "../documents/walk.ts";
import type { Component } from "../model/component.ts";
import type { ContextbaseView } from "../store/contextbase.ts";
import { startProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The documents of a folder, or a file by itself.
 * @param source left out: the name of the folder
 * @throws ContextbaseError invalid_argument
 */
export const findDocuments = async (path: string, source?: string): Promise<DocumentSource> => {
  const full = resolve(path);
  const isFolder = statSync(full).isDirectory();
  const root = isFolder ? full : dirname(full);
  const walk = isFolder ? await walkDocuments(root) : { paths: [basename(full)], problems: [] };
  return { ...walk, root, source: checkName("source", source ?? basename(root)) };
};

/** Imports with a bar, and tells what was left out. */
export const importWithProgress = async (
  base: ContextbaseView,
  source: DocumentSource,
  prune: boolean,
  terminal: Terminal,
): Promise<ImportReport> => {
  const total = source.paths.length;
  const progress = startProgress(`Importing ${source.source}:`, total);
  try {
    const report = await importDocuments(base.store(Document), source, {
      prune,
      signal: terminal.signal,
      onProgress: progress.update,
    });
    progress.finish();
    for (const { path, problem } of report.problems) terminal.say(`left out: ${path} ${problem}`);
    return report;
  } finally {
    progress.finish();
  }
};

/** What an import did, in a sentence. */
export const tellReport = ({ files, created, changed, unchanged, removed }: ImportReport): string => {
  const count = (number: number): string => number.toLocaleString("en");
  const sections = `${count(created)} new, ${count(changed)} changed, ${count(unchanged)} unchanged, ${count(removed)} removed`;
  return `${count(files)} ${files === 1 ? "file" : "files"}; sections: ${sections}`;
};

/** @throws ContextbaseError unknown_component where the configuration leaves `Document` out */
export const checkDocument = (components: readonly Component[]): void => {
  if (components.includes(Document)) return;
  const message =
    'The configuration does not have the component that documents become. Add it: import { Document } from "contextbase", components: [Document, … ].';
  throw new ContextbaseError("unknown_component", message, { component: Document.name });
};
