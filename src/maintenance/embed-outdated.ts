import { ContextbaseError } from "../base/errors.ts";
import type { Component } from "../model/component.ts";
import { embedTexts } from "../store/embedding/embed-texts.ts";
import type { OutdatedContext } from "./outdated.ts";

/** Vectors by their texts. */
export type Vectors = ReadonlyMap<string, Float32Array>;

const naming = (cause: ContextbaseError, { tenant, stored }: OutdatedContext): ContextbaseError => {
  const { component, id } = stored;
  const message = `${component} ${JSON.stringify(id)} of tenant ${JSON.stringify(tenant)} gets no vector. ${cause.message}`;
  const details = { ...cause.details, tenant, id };
  return new ContextbaseError(cause.code, message, { component, details, cause: cause.cause });
};

/** Of many texts that are refused together one may be the reason: it is looked for by halves. */
const embedSome = async (
  component: Component,
  some: readonly (readonly [text: string, context: OutdatedContext])[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> => {
  try {
    return await embedTexts(
      component,
      some.map(([text]) => text),
      signal,
    );
  } catch (cause) {
    const [first] = some;
    if (!(cause instanceof ContextbaseError) || cause.code !== "embedding_failed" || !first) throw cause;
    if (some.length === 1) throw naming(cause, first[1]);
    const half = Math.ceil(some.length / 2);
    const before = await embedSome(component, some.slice(0, half), signal);
    return [...before, ...(await embedSome(component, some.slice(half), signal))];
  }
};

/**
 * The vectors of contexts, of each text once.
 * @throws ContextbaseError embedding_failed, which names a context whose text is refused; embedding_unavailable; the
 *   signal's reason
 */
export const embedOutdated = async (
  component: Component,
  contexts: readonly OutdatedContext[],
  signal: AbortSignal | undefined,
): Promise<Vectors> => {
  const texts = new Map(contexts.map((context) => [context.text, context]));
  texts.delete("");
  const some = [...texts];
  const vectors = await embedSome(component, some, signal);
  return new Map(vectors.map((vector, index) => [some[index]?.[0] ?? "", vector]));
};
