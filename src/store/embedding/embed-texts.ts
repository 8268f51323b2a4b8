import { ContextbaseError, InvalidContextError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import { unlessAborted } from "../../base/unless-aborted.ts";
import type { Component, Embed } from "../../model/component.ts";
import { toEmbeddings } from "./encode-embeddings.ts";

const failed = ({ name, definition }: Component, problem: string, cause?: unknown): ContextbaseError =>
  new ContextbaseError(
    "embedding_failed",
    `The embedder of ${name} (${definition.embeddings?.model}) ${problem}`,
    { component: name, cause },
  );

/** Names what an embedder throws. An error of its own may show what it was given, so that it is only the cause. */
const call = async (
  component: Component,
  embed: Embed,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  signal?.throwIfAborted();
  try {
    const calling = (async () => embed(texts, { signal }))();
    return await unlessAborted(calling, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (!(cause instanceof ContextbaseError))
      throw failed(component, "threw an error: see its cause.", cause);
    const { code, message, details } = cause;
    throw new ContextbaseError(code, message, { component: component.name, details, cause: cause.cause });
  }
};

const checkVector = (component: Component, vector: unknown): Float32Array => {
  try {
    const checked = toEmbeddings(component, vector);
    if (checked.length > 0) return checked;
  } catch (cause) {
    if (!(cause instanceof InvalidContextError)) throw cause;
    throw failed(component, `gave a vector that does not fit. ${cause.message}`);
  }
  throw failed(component, "gave an empty vector. It must give one for each text.");
};

/**
 * The vectors of texts, in their order, in as few calls as there are parts of `limits.embeddedTexts`.
 * @param component one that declares `embed`
 * @throws ContextbaseError embedding_failed, embedding_unavailable; the signal's reason
 */
export const embedTexts = async (
  component: Component,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> => {
  const embed = component.definition.embeddings?.embed;
  if (!embed) throw failed(component, "is missing. Declare embeddings: { embed }.");
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += limits.embeddedTexts) {
    const some = texts.slice(at, at + limits.embeddedTexts);
    const answer = await call(component, embed, some, signal);
    if (!Array.isArray(answer) || answer.length !== some.length) {
      const given = Array.isArray(answer) ? `${answer.length} vectors` : "no array";
      throw failed(
        component,
        `was given ${some.length} texts and gave ${given}. It must give one vector for each.`,
      );
    }
    for (const vector of answer) vectors.push(checkVector(component, vector));
  }
  return vectors;
};
