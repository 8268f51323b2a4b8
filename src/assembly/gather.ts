import type { Component, ContextOf } from "../model/component.ts";
import type { Context } from "../model/context.ts";
import type { ContextSnapshot } from "../model/context-snapshot.ts";
import { fuse, rankedKeys } from "../search/fusion.ts";
import type { CheckedAssembly, CheckedSource } from "./assemble-options.ts";
import type { ContextVersion, Reason } from "./assembly.ts";
import { contentText } from "./content-text.ts";
import type { TemplateItem } from "./template.ts";

/** A context that may come into the window. */
export type Candidate = ContextVersion & {
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly of: Component;
  readonly item: TemplateItem;
};

/** What is asked for contexts: a store as it is, or as it stood at a time. */
export type Gathered = {
  store<C extends Component>(component: C): Pick<ContextSnapshot<C>, "listContexts" | "searchContexts">;
};

type Brought = { readonly context: ContextOf<Component>; readonly reason: Reason };

/** What a source brings, best first; a hit's neighbours stand behind it, and none comes twice. */
const bring = async (
  base: Gathered,
  { query, signal }: CheckedAssembly,
  { component, type, where, by, embeddings, limit, widen }: CheckedSource,
  source: number,
): Promise<Brought[]> => {
  const store = base.store(component);
  const brought = new Map<string, Brought>();
  const add = (context: ContextOf<Component>, reason: Pick<Reason, "why" | "neighbourOf">): void => {
    if (brought.has(context.id)) return;
    brought.set(context.id, { context, reason: { source, rank: brought.size + 1, ...reason } });
  };
  if (by === "newest") {
    const { contexts } = await store.listContexts({ type, where, limit, signal });
    for (const context of contexts) add(context, {});
  } else {
    const hits = await store.searchContexts({
      text: query,
      embeddings,
      type,
      where,
      limit,
      widen,
      signal,
    });
    for (const { context, why, before = [], after = [] } of hits) {
      add(context, { why });
      for (const neighbour of [...before.toReversed(), ...after]) add(neighbour, { neighbourOf: context.id });
    }
  }
  return [...brought.values()];
};

/** A context as templates get it. */
export const toItem = (component: string, { embeddings: _, ...context }: Context): TemplateItem => ({
  component,
  ...context,
  text: contentText(context.content),
});

const keyOf = (component: string, id: string): string => `${component} ${id}`;

/**
 * Asks every source, and ranks what they bring together, best first. What two sources bring has both their reasons.
 * @throws ContextbaseError unknown_component, and what searches throw
 */
export const gather = async (base: Gathered, assembly: CheckedAssembly): Promise<Candidate[]> => {
  const { sources } = assembly;
  const lists = await Promise.all(sources.map((source, index) => bring(base, assembly, source, index)));
  const found = new Map<string, Omit<Candidate, "score">>();
  for (const [index, { component }] of sources.entries()) {
    for (const { context, reason } of lists[index] ?? []) {
      const key = keyOf(component.name, context.id);
      const before = found.get(key);
      // Where it changed between two searches, the later version is the one to show.
      const kept = before && before.version >= context.version ? before : undefined;
      found.set(key, {
        component: component.name,
        id: context.id,
        version: context.version,
        of: component,
        item: toItem(component.name, context),
        ...kept,
        reasons: [...(before?.reasons ?? []), reason],
      });
    }
  }
  const keys = sources.map(({ component }, index) =>
    rankedKeys((lists[index] ?? []).map(({ context }) => keyOf(component.name, context.id))),
  );
  return fuse(
    keys,
    sources.map(({ weight }) => weight),
  ).flatMap(({ key, score }) => {
    const candidate = found.get(key);
    return candidate === undefined ? [] : [{ ...candidate, score }];
  });
};
