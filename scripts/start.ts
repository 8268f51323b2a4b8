/**
 * `npm start`: opens the store under ./data, imports real documents into it (the project's own, and those of
 * every installed dependency), and serves it over HTTP.
 */
import { join, relative } from "node:path";
import { stopwatch } from "../src/base/clock.ts";
import { tellExamples, urlOf } from "../src/cli/announce.ts";
import { importWithProgress, tellReport } from "../src/cli/import-files.ts";
import { currentActor } from "../src/cli/open-store.ts";
import { reportError } from "../src/cli/report-error.ts";
import { serveStore } from "../src/cli/serve-store.ts";
import { readSettings } from "../src/cli/settings.ts";
import { createTerminal } from "../src/cli/terminal.ts";
import { Document } from "../src/documents/document.ts";
import type { DocumentSource } from "../src/documents/import-documents.ts";
import { walkDocuments } from "../src/documents/walk.ts";
import type { ContextbaseView } from "../src/store/contextbase.ts";

const root = join(import.meta.dirname, "..");
const terminal = createTerminal();

/** An id of its own, so that what is tried out is no section that the next start would put right again. */
const triedId = "try-me";

const findSources = async (): Promise<DocumentSource[]> => {
  const installed = join(root, "node_modules");
  return [
    { source: "contextbase", root, ...(await walkDocuments(root)) },
    { source: "node_modules", root: installed, ...(await walkDocuments(installed, { nodeModules: true })) },
  ];
};

const importAll = async (base: ContextbaseView): Promise<void> => {
  const started = stopwatch();
  for (const source of await findSources()) {
    const report = await importWithProgress(base, source, true, terminal);
    terminal.say(`${source.source.padEnd(12)}  ${tellReport(report)}`);
  }
  terminal.say(`Imported in ${((stopwatch() - started) / 1_000).toFixed(1)} s.`);
};

const listExamples = async (base: ContextbaseView, url: string): Promise<string[]> => {
  const documents = base.store(Document);
  const readme = await documents.retrieveContext("contextbase/README.md");
  const [newest] = (await documents.listContexts({ type: "section", limit: 1 })).contexts;
  const section = readme?.type === "file" ? readme.content.sections[1] : undefined;
  const tried = await documents.retrieveContext(triedId);
  const condition = tried ? `If-Match: "${tried.version}"` : "If-None-Match: *";
  const body = JSON.stringify({ type: "section", content: { text: "Hello" } });
  return [
    `curl ${urlOf(url, Document.name, section ?? newest?.id ?? triedId)}`,
    'npx contextbase search Document "how do I move a store"',
    `npx contextbase list Document --where '{"metadata.path": "README.md"}'`,
    `curl -X PUT ${urlOf(url, Document.name, triedId)} -H '${condition}' -H 'Content-Type: application/json' -d '${body}'`,
  ];
};

const start = async (): Promise<void> => {
  const settings = await readSettings({}, process.env, root);
  const store = settings.path === undefined ? settings.place : relative(process.cwd(), settings.path);
  terminal.say(`The store is ${store}`);
  // It listens before it imports, so that a port that is taken is told at once.
  await serveStore(settings, { port: settings.port }, terminal, async (base, url) => {
    const view = base.as({ id: currentActor() });
    await importAll(view);
    await terminal.print(`Contextbase serves ${url}`);
    terminal.say(tellExamples(await listExamples(view, url)));
    terminal.say("Ctrl-C ends it.");
  });
};

try {
  await start();
} catch (cause) {
  process.exitCode = reportError(cause, terminal);
}
