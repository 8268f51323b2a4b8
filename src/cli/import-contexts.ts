import { ContextbaseError } from "../base/errors.ts";
import { isObject, parseJson } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { type Stored, storeChanged } from "../documents/store-changed.ts";
import type { Component } from "../model/component.ts";
import type { ContextInput } from "../model/context.ts";
import type { ContextbaseView } from "../store/contextbase.ts";
import { assertContext } from "./assert-context.ts";
import type { Line } from "./read-lines.ts";

export type ContextImport = {
  /** Finds a component by its name. */
  readonly find: (name: string) => Component;
  /** The component of lines that name none. */
  readonly component: string | undefined;
  readonly signal: AbortSignal;
  /** Told after each batch how many lines are done. */
  readonly onProgress: (lines: number) => void;
};

type Entry = { readonly component: Component; readonly context: ContextInput & { readonly id: string } };
type BadLine = { readonly number: number; readonly message: string };
type Batch = { readonly entries: Entry[]; readonly bad: BadLine[]; bytes: number; last: number };

/** How many bad lines one error names. */
const namedLines = 10;

/**
 * Stores contexts, one a line, in batches. What stands already gets no new version. Nothing of a batch with a
 * bad line is stored, nor anything after it.
 * @throws ContextbaseError invalid_context, naming the bad lines and what was stored before them
 */
export const importContexts = async (
  base: ContextbaseView,
  lines: AsyncIterable<Line>,
  options: ContextImport,
): Promise<Stored> => {
  const counts = { created: 0, changed: 0, unchanged: 0 };
  let batch = newBatch();
  let ids = new Set<string>();
  let done = 0;

  const flush = async (): Promise<void> => {
    if (batch.bad.length > 0) throw badLines(batch.bad, done);
    for (const [component, contexts] of byComponent(batch.entries)) {
      const stored = await storeChanged(base.store(component), contexts, { signal: options.signal });
      counts.created += stored.created;
      counts.changed += stored.changed;
      counts.unchanged += stored.unchanged;
    }
    done = batch.last;
    batch = newBatch();
    ids = new Set();
    options.onProgress(done);
  };

  for await (const line of lines) {
    const entry = readEntry(line, options);
    const key = "context" in entry ? `${entry.component.name}\0${entry.context.id}` : "";
    // The same id again is a version of its own, which one batch cannot make.
    if (
      ids.has(key) ||
      batch.entries.length >= limits.importedContexts ||
      batch.bytes > limits.importedBytes
    ) {
      await flush();
    }
    if ("context" in entry) {
      batch.entries.push(entry);
      ids.add(key);
    } else {
      batch.bad.push(entry);
    }
    batch.bytes += line.text.length;
    batch.last = line.number;
    if (batch.bad.length >= namedLines) break;
  }
  await flush();
  return counts;
};

const newBatch = (): Batch => ({ entries: [], bad: [], bytes: 0, last: 0 });

const byComponent = (entries: readonly Entry[]): Map<Component, ContextInput[]> => {
  const grouped = new Map<Component, ContextInput[]>();
  for (const { component, context } of entries) {
    const contexts = grouped.get(component) ?? [];
    contexts.push(context);
    grouped.set(component, contexts);
  }
  return grouped;
};

const readEntry = ({ number, text }: Line, { find, component }: ContextImport): Entry | BadLine => {
  try {
    const value = parseJson(text, "It");
    if (!isObject(value)) return { number, message: "It is no object." };
    // The store makes versions and times of its own: they say what happened in it.
    const { component: name = component, version: _, createdAt: __, updatedAt: ___, ...context } = value;
    if (typeof name !== "string") return { number, message: "It names no component. Give --component." };
    if (context.id === undefined)
      return { number, message: "It has no id, so that it would be stored anew each time." };
    const found = find(name);
    assertContext(found, context);
    return { component: found, context: { ...context, id: String(context.id) } };
  } catch (cause) {
    if (!(cause instanceof ContextbaseError)) throw cause;
    return { number, message: cause.message };
  }
};

const badLines = (bad: readonly BadLine[], done: number): ContextbaseError => {
  const named = bad.map(({ number, message }) => `line ${number}: ${message}`).join("\n  ");
  const stored =
    done === 0 ? "Nothing was stored" : `Up to line ${done} everything is stored, after it nothing`;
  const message = `Some lines are no contexts.\n  ${named}\n${stored}. Mend them and import the whole again.`;
  return new ContextbaseError("invalid_context", message, {
    details: { lines: bad.map(({ number }) => number), stored: done },
  });
};
