import { styleText } from "node:util";
import type { Command } from "commander";
import { ContextNotFoundError } from "../../base/errors.ts";
import type { Component, ContextOf } from "../../model/component.ts";
import { diffedParts } from "../../model/context-diff.ts";
import type { ContextStore } from "../../model/context-store.ts";
import { differencesOf } from "../../versioning/differences.ts";
import { escapeControls } from "../harmless.ts";
import { wholeNumber } from "../paging.ts";
import { readSettings, type StoreOptions } from "../settings.ts";
import { type DiffSize, differenceLines, embeddingsLine } from "../show-diff.ts";
import { findComponent, withStore, withStoreOptions } from "../store-command.ts";
import type { Terminal } from "../terminal.ts";

type DiffOptions = StoreOptions & { readonly from?: number; readonly to?: number; readonly json?: true };

const details = `
  contextbase diff Customer c1             what its last version changed
  contextbase diff Customer c1 --from 1    what became of its first version until now
  contextbase diff Customer c1 --json | jq .patch`;

/** On a screen a value that is longer is cut off. */
const shownLines = 20;

export const configureDiff = (command: Command, terminal: Terminal): void => {
  command
    .option("--from <number>", "the earlier version (default: the one before the other)", (text) =>
      wholeNumber(text),
    )
    .option("--to <number>", "the later version (default: the current one)", (text) => wholeNumber(text))
    .option("--json", "as JSON Patch (RFC 6902), on one line")
    .addHelpText("after", details);
  withStoreOptions(command).action(async (name: string, id: string, options: DiffOptions) => {
    const settings = await readSettings(options);
    const component = findComponent(settings, name);
    await withStore(settings, "fail", terminal, async (base) => {
      const store = base.store(component);
      const { from, to } = await versionsOf(store, id, options);
      const patch = await store.diff(id, from || undefined, to, { signal: terminal.signal });
      const { embeddings } = patch;
      if (options.json)
        return terminal.print(escapeControls(JSON.stringify({ from, to, patch, embeddings })));
      const [one, other] = await Promise.all([
        store.getContext(id, { version: from }),
        store.getContext(id, { version: to }),
      ]);
      const title = `${name} ${escapeControls(JSON.stringify(id))}: version ${from} → ${to}`;
      await terminal.print(`${styleText("bold", title)}  ${styleText("dim", other.updatedAt.toISOString())}`);
      for (const line of linesOf(one, other)) await terminal.print(line);
      if (embeddings) await terminal.print(embeddingsLine(embeddings));
      else if (patch.length === 0) await terminal.print("They are the same.");
    });
  });
};

const versionsOf = async (
  store: ContextStore<Component>,
  id: string,
  options: DiffOptions,
): Promise<{ readonly from: number; readonly to: number }> => {
  const to = options.to ?? (await store.history(id, { limit: 1 })).versions[0]?.version;
  if (to === undefined) throw new ContextNotFoundError(store.component.name, id);
  return { from: options.from ?? to - 1, to };
};

function* linesOf(one: ContextOf<Component>, other: ContextOf<Component>): Generator<string> {
  for (const difference of differencesOf(diffedParts(one), diffedParts(other)))
    yield* differenceLines(difference, screen());
}

const screen = (): DiffSize => {
  const { isTTY, columns = 80 } = process.stdout;
  return isTTY ? { width: columns, lines: shownLines } : { width: Infinity, lines: Infinity };
};
