import { defineComponent, type Embed } from "../index.ts";
import { hashEmbeddings } from "./hash-embeddings.ts";

/** Of the vectors of `watched`. */
export const dimensions = 16;

/** An embedder that tells what it was asked, and does what a test wants before it answers. */
export const watched = (
  options: { readonly drifts?: boolean; readonly before?: () => Promise<void> | void } = {},
) => {
  const calls: (readonly string[])[] = [];
  const { embed: hashed } = hashEmbeddings(dimensions);
  const embed: Embed = async (texts, { signal }) => {
    calls.push(texts);
    await options.before?.();
    const vectors = await hashed(texts, { signal });
    // Models need not be deterministic: each call moves a little.
    return vectors.map((vector) =>
      Array.from(vector, (number) => number + (options.drifts ? calls.length / 64 : 0)),
    );
  };
  const Note = defineComponent({
    name: "Note",
    embeddings: { dimensions, model: "hash", embed },
    searchText: ["content.text"],
  });
  return { Note, calls, texts: () => calls.flat() };
};

/** The vector that `watched` makes of a text, unless it drifts. */
export const vectorOf = async (text: string): Promise<Float32Array> => {
  const [vector = []] = await hashEmbeddings(dimensions).embed([text], { signal: undefined });
  return Float32Array.from(vector);
};

export const note = (id: string, text: string) => ({ id, type: "note", content: { text } });
