import type { Component, ContextbaseView } from "../../src/index.ts";
import { components, ids, type Told } from "./watch-shared.ts";

/** A version as its history tells it, and as a watcher does. */
const lineOf = (component: string, id: string, { version, operation, actor, at }: Version): string =>
  JSON.stringify([component, id, version, operation, actor, at]);

type Version = {
  readonly version: number;
  readonly operation: string;
  readonly actor: string;
  readonly at: string;
};

/** All versions that there are, read from the histories, which know nothing of positions. */
export const readHistories = async (view: ContextbaseView): Promise<Set<string>> => {
  const lines = new Set<string>();
  for (const component of components) {
    for (const id of ids) {
      for await (const version of versionsOf(view, component, id))
        lines.add(lineOf(component.name, id, version));
    }
  }
  return lines;
};

const versionsOf = async function* (view: ContextbaseView, component: Component, id: string) {
  let cursor: string | undefined;
  do {
    const page = await view.store(component).history(id, { limit: 1_000, cursor });
    for (const entry of page.versions) yield { ...entry, at: entry.at.toISOString() };
    cursor = page.nextCursor;
  } while (cursor !== undefined);
};

/**
 * Checks what a watcher of everything was told against the histories.
 * @returns what is wrong, one line each
 */
export const checkAll = (told: readonly Told[], histories: ReadonlySet<string>): string[] => {
  const wrong: string[] = [];
  const versions = new Map<string, number>();
  for (const [index, change] of told.entries()) {
    if (change.position !== index + 1)
      wrong.push(`position ${change.position} stands where ${index + 1} is due`);
    const context = `${change.component} ${change.id}`;
    const due = (versions.get(context) ?? 0) + 1;
    if (change.version !== due) wrong.push(`${context} ${change.version} is told where ${due} is due`);
    versions.set(context, due);
    if (!histories.has(lineOf(change.component, change.id, change)))
      wrong.push(`${context} ${due} is in no history`);
  }
  if (told.length !== histories.size) {
    wrong.push(`${told.length} changes were told, and ${histories.size} versions are there`);
  }
  return wrong;
};

/** What a watcher of one component must have been told, where another one was told `all`. */
export const checkPart = (told: readonly Told[], component: string, all: readonly Told[]): string[] => {
  const due = all.filter((change) => change.component === component);
  const at = due.findIndex((change, index) => JSON.stringify(change) !== JSON.stringify(told[index]));
  if (at >= 0)
    return [`${component}: at ${at} stands ${JSON.stringify(told[at])}, not ${JSON.stringify(due[at])}`];
  return told.length > due.length ? [`${component}: ${told.length - due.length} more than there are`] : [];
};
