import { createReadStream, existsSync } from "node:fs";
import { extname } from "node:path";
import { addAbortSignal } from "node:stream";
import type { Command } from "commander";
import { ContextbaseError } from "../../base/errors.ts";
import type { ContextbaseView } from "../../store/contextbase.ts";
import { importContexts } from "../import-contexts.ts";
import { startProgress } from "../progress.ts";
import { readLines } from "../read-lines.ts";
import { readSettings, type Settings, type StoreOptions } from "../settings.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type ImportOptions = StoreOptions & {
  readonly source?: string;
  readonly prune?: boolean;
  readonly component?: string;
  readonly json?: true;
};

const details = `
A folder, or a file, of Markdown or text becomes contexts of the component Document: one for each file, and one
for each section. A file that ends in .ndjson or .jsonl, or - for stdin, holds one context a line, as export
prints them. Either way, what stands in the store already gets no new version.`;

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

export const configureImport = (command: Command, terminal: Terminal): void => {
  command
    .option("--source <name>", "of documents: what their ids begin with (default: the folder's name)")
    .option("--prune", "of documents: remove those of this source whose files are no longer there")
    .option("--component <component>", "of contexts: what lines are that name no component")
    .option("--json", "tell what was done as JSON")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (path: string, options: ImportOptions) => {
    const settings = await readSettings(options);
    const contexts = path === "-" || [".ndjson", ".jsonl"].includes(extname(path).toLowerCase());
    checkTogether(options, contexts);
    if (path !== "-" && !existsSync(path)) throw invalid(`There is no file or folder ${path}.`);
    const work = contexts
      ? await prepareContexts(path, options, settings, terminal)
      : await prepareDocuments(path, options, settings, terminal);
    const [told, report] = await withStore(settings, "make", terminal, work);
    await terminal.print(options.json ? JSON.stringify(report) : told);
  });
};

/** No option is taken and ignored. */
const checkTogether = ({ source, prune, component }: ImportOptions, contexts: boolean): void => {
  if (contexts && (source !== undefined || prune)) throw invalid("--source and --prune are for documents.");
  if (!contexts && component !== undefined) {
    throw invalid("--component is for contexts (.ndjson, .jsonl, or - for stdin); documents are Documents.");
  }
};

/** What is to be done with the store, and what it comes to: a sentence, and the same as data. */
type Work = (base: ContextbaseView) => Promise<readonly [string, object]>;

const prepareContexts = async (
  path: string,
  options: ImportOptions,
  settings: Settings,
  { signal }: Terminal,
): Promise<Work> => {
  const { component } = options;
  if (component !== undefined) findComponent(settings, component);
  if (path === "-" && process.stdin.isTTY) throw invalid("Nothing is piped in. Pipe in one context a line.");
  return async (base) => {
    const stream = path === "-" ? process.stdin : createReadStream(path);
    const progress = startProgress("Importing lines");
    const find = (name: string) => findComponent(settings, name);
    try {
      const lines = readLines(addAbortSignal(signal, stream));
      const stored = await importContexts(base, lines, {
        find,
        component,
        signal,
        onProgress: progress.update,
      });
      const { created, changed, unchanged } = stored;
      return [`Contexts: ${created} new, ${changed} changed, ${unchanged} unchanged`, stored];
    } finally {
      progress.finish();
    }
  };
};

const prepareDocuments = async (
  path: string,
  { source, prune = false }: ImportOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<Work> => {
  const { checkDocument, findDocuments, importWithProgress, tellReport } = await import("../import-files.ts");
  checkDocument(settings.components);
  const found = await findDocuments(path, source);
  if (found.paths.length === 0) throw invalid(`There is no Markdown or text in ${path}.`);
  return async (base) => {
    const report = await importWithProgress(base, found, prune, terminal);
    if (report.files === 0) throw invalid(`Nothing in ${path} can be read as text.`);
    return [`${found.source}: ${tellReport(report)}`, { source: found.source, ...report }];
  };
};
