import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import type { Engine, RegisteredComponent } from "../../engine/engine.ts";
import type { Component } from "../../model/component.ts";
import { isOf } from "../../model/embedding-bytes.ts";
import { everyTenant, pagesOf } from "../walk.ts";

type Embeddings = { readonly dimensions: number; readonly model?: string };

/** What a store noted last of a component's embeddings. */
const notedEmbeddings = ({ description }: RegisteredComponent): Embeddings | undefined => {
  const noted: unknown = JSON.parse(description);
  const embeddings = isObject(noted) && isObject(noted.embeddings) ? noted.embeddings : undefined;
  const { dimensions, model } = embeddings ?? {};
  if (typeof dimensions !== "number") return undefined;
  return { dimensions, ...(typeof model === "string" && { model }) };
};

const isSame = (one: Embeddings | undefined, other: Embeddings | undefined): boolean =>
  one?.dimensions === other?.dimensions && one?.model === other?.model;

const tell = (embeddings: Embeddings | undefined): string => {
  if (!embeddings) return "another model or length";
  const { dimensions, model } = embeddings;
  return `${model === undefined ? "no named model" : `the model ${JSON.stringify(model)}`} (${dimensions} dimensions)`;
};

/** Whether some current context has a vector that cannot be compared with those of the component as it is now. */
const hasOthers = async (
  engine: Engine,
  component: Component,
  noted: Embeddings | undefined,
): Promise<boolean> => {
  try {
    for await (const tenant of everyTenant(engine)) {
      const key = { tenant, component: component.name };
      for await (const page of pagesOf(engine, key, limits.reembeddedContexts)) {
        if (page.some(({ embeddings }) => embeddings && !isOf(embeddings, component.indexing))) return true;
      }
    }
    return false;
  } catch (cause) {
    // Who sees one tenant alone cannot know. Where there were embeddings before, there may be some.
    if (cause instanceof ContextbaseError && cause.code === "storage_unavailable") return noted !== undefined;
    throw cause;
  }
};

const changed = (component: Component, noted: Embeddings | undefined): ContextbaseError => {
  const { name, definition } = component;
  const { embeddings } = definition;
  const lacksEmbed =
    embeddings?.embed === undefined ? " That needs an embed, which it does not declare." : "";
  const message =
    `The vectors of ${name} in this store are of ${tell(noted)}; it is opened with ${tell(embeddings)}, and two are never compared. ` +
    `Run contextbase reembed ${name} to make them anew, or declare what it was.${lacksEmbed}`;
  const { dimensions, model } = embeddings ?? {};
  return new ContextbaseError("embedding_changed", message, {
    component: name,
    details: { noted: noted ?? null, opened: { dimensions, model } },
  });
};

/**
 * Makes sure that the vectors of a store are those of its components as they are opened now. It comes before they
 * are noted, in an engine that was opened. A component that nobody stored a vector of may change.
 * @throws ContextbaseError embedding_changed, and what the engine throws
 */
export const refuseEmbeddingChange = async (
  engine: Engine,
  components: readonly Component[],
): Promise<void> => {
  const embedding = components.filter(({ definition }) => definition.embeddings !== undefined);
  if (embedding.length === 0) return;
  const noted = new Map((await engine.components()).map((one) => [one.name, one]));
  for (const component of embedding) {
    const last = noted.get(component.name);
    const before = last && notedEmbeddings(last);
    if (!last || isSame(before, component.definition.embeddings)) continue;
    if (await hasOthers(engine, component, before)) throw changed(component, before);
  }
};
