import { type Clock, systemClock } from "../../base/clock.ts";
import { type Random, systemRandom } from "../../base/random.ts";
import { showUrl } from "../../base/show.ts";
import type { Embed } from "../../model/component.ts";
import { checkEmbedder, type OpenAiEmbeddingsOptions } from "./open-ai-options.ts";
import { toParcels } from "./parcels.ts";
import { request } from "./request.ts";
import { retrying } from "./retrying.ts";
import { createSlots } from "./slots.ts";

/** What makes vectors, to be spread into a component's `embeddings` beside `dimensions`. */
export type Embedder = { readonly model: string; readonly embed: Embed };

type EmbedderServices = { readonly clock: Clock; readonly random: Random };

/**
 * Vectors from any server that speaks OpenAI's API for embeddings: OpenAI, Ollama, vLLM, LM Studio and others. Texts
 * go in batches; what was refused for lack of time, or lost, is sent again.
 *
 *     embeddings: { dimensions: 768, ...openAiEmbeddings({ url: "http://127.0.0.1:11434/v1", model: "nomic-embed-text" }) }
 *
 * `embed` throws ContextbaseError embedding_failed or embedding_unavailable; neither shows the key or a text.
 * @throws ContextbaseError invalid_argument
 */
export const openAiEmbeddings = (options: OpenAiEmbeddingsOptions): Embedder =>
  createOpenAiEmbeddings(options, { clock: systemClock, random: systemRandom });

/** The same with a clock and chance of the caller's. */
export const createOpenAiEmbeddings = (
  options: OpenAiEmbeddingsOptions,
  { clock, random }: EmbedderServices,
): Embedder => {
  const { model, batch, batchBytes, requests, attempts, pauseMilliseconds, ...endpoint } =
    checkEmbedder(options);
  const slots = createSlots(requests);
  const retries = { server: showUrl(endpoint.url), attempts, pauseMilliseconds, random };

  const embed: Embed = async (texts, { signal }) => {
    // Where one request comes to nothing, so do the others.
    const failed = new AbortController();
    const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const ask = (parcel: readonly string[]): Promise<Float32Array[]> =>
      slots(() => retrying(retries, either, () => request(endpoint, parcel, either, clock)));
    try {
      return (await Promise.all(toParcels(texts, batch, batchBytes).map(ask))).flat();
    } catch (cause) {
      failed.abort(cause);
      throw cause;
    }
  };
  return { model, embed };
};
