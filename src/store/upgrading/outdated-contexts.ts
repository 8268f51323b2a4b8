import { setImmediate } from "node:timers/promises";
import { limits } from "../../base/limits.ts";
import type {
  CountQuery,
  Engine,
  Key,
  ListPage,
  OutdatedPlace,
  Standing,
  StoredContext,
} from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import type { Filter, FilterSubject } from "../../search/filter/filter.ts";
import { decodeContext } from "../decode.ts";
import { subjectOf } from "../subject.ts";

const path = { root: "schemaVersion", text: "schemaVersion" } as const;

/** Fits what is to be upgraded before it is looked into. */
export const isOlder = ({ schemaVersion }: Component): Filter => ({
  kind: "compare",
  path,
  comparison: "lt",
  value: schemaVersion,
});

/** Fits what is of the present schema and fits a filter, too. */
export const isPresent = (component: Component, where: Filter | undefined): Filter => {
  const present: Filter = { kind: "not", filter: isOlder(component) };
  return where ? { kind: "and", filters: [present, where] } : present;
};

/** Fits what is of the present schema and fits a filter, and all that is to be upgraded first. */
export const mayFit = (component: Component, where: Filter | undefined): Filter => ({
  kind: "or",
  filters: [isOlder(component), isPresent(component, where)],
});

/** A context as the present schema has it. */
export const upgradedSubject = (component: Component, stored: StoredContext): FilterSubject =>
  subjectOf(decodeContext<Component>(component, stored));

/** The current contexts of older schema versions, page by page; others have their turn in between. */
export async function* outdatedPages(
  engine: Pick<Engine, "outdated">,
  { name: component, schemaVersion }: Component,
  tenant: Key["tenant"],
  limit: number = limits.upgradedContexts,
): AsyncGenerator<readonly Standing[]> {
  for (let after: OutdatedPlace | undefined; ; ) {
    const page = await engine.outdated({ tenant, component, schemaVersion, limit, after });
    const last = page.at(-1);
    if (!last) return;
    yield page;
    after = { schemaVersion: last.schemaVersion, place: last.place };
    await setImmediate();
  }
}

/** All that may fit, newest first, whatever is rewritten meanwhile. */
export async function* walkAll(
  component: Component,
  engine: Pick<Engine, "list">,
  { tenant, where }: CountQuery,
  from: ListPage["next"],
): AsyncGenerator<{ readonly stored: StoredContext; readonly place: number }> {
  const asked = {
    tenant,
    component: component.name,
    type: undefined,
    order: undefined,
    limit: limits.pageItems,
  };
  let after = from;
  do {
    const page = await engine.list({ ...asked, where: mayFit(component, where), after });
    for (const [at, stored] of page.contexts.entries()) yield { stored, place: page.places?.[at] ?? 0 };
    after = page.next;
    await setImmediate();
  } while (after !== undefined);
}
