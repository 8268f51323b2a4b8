/** Checks what is published: every subpath can be imported, publint finds nothing, and the built store works. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const { messages } = await publint({ pkgDir: root, strict: true, pack: "npm" });
for (const message of messages) process.stdout.write(`publint: ${formatMessage(message, manifest)}\n`);

/** What is for types alone exports nothing that could be counted. */
const typesOnly = ["./engine"];

for (const subpath of Object.keys(manifest.exports)) {
  if (subpath.endsWith(".json")) continue;
  const names = Object.keys(await import(`contextbase${subpath.slice(1)}`));
  process.stdout.write(`contextbase${subpath.slice(1)}: ${names.length} names\n`);
  if (names.length === 0 && !typesOnly.includes(subpath)) throw new Error(`${subpath} exports nothing.`);
}

const { defineComponent, openContextbase } = await import("contextbase");
const Note = defineComponent({ name: "Note" });
const folder = await mkdtemp(join(tmpdir(), "contextbase-exports-"));
const base = await openContextbase({ url: `file:${join(folder, "store.db")}`, components: [Note] });
const notes = Array.from({ length: 1_000 }, (_, number) => ({ type: "note", content: { number } }));
const stored = await base.store(Note).storeContexts(notes);
await base.close();
await rm(folder, { recursive: true });
process.stdout.write(`the built store stored ${stored.length} contexts in its writer thread\n`);
process.exitCode = messages.length === 0 && stored.length === notes.length ? 0 : 1;
