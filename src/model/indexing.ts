import type { ComponentDescription } from "./description.ts";
import { modelTag } from "./embedding-bytes.ts";

/** What an engine keeps of a component beside its contexts, so that they can be found. Data alone. */
export type Indexing = {
  /** Paths whose values are kept apart: declared `indexes`, and those of `thread` and `order`. */
  readonly paths: readonly string[];
  /** Paths below which every string is searched; empty where text is not. */
  readonly searchText: readonly string[];
  /** Undefined where vectors are not searched. */
  readonly dimensions: number | undefined;
  /** The tag of the model whose vectors are searched (see embedding-bytes.ts); others lie there unsearched. */
  readonly tag: string;
  /** Paths whose values, together, tell the thread that a context stands in; empty where there are no threads. */
  readonly thread: readonly string[];
  /** The path by which the contexts of a thread follow each other. */
  readonly order: string | undefined;
};

/** By default every string in the content is searched. */
export const defaultSearchText: readonly string[] = ["content"];

/** What an engine keeps of a component, from its description as it was noted in a store. */
export const indexingOf = (description: ComponentDescription): Indexing => {
  const { indexes = [], searchText = defaultSearchText, embeddings, thread = [], order } = description;
  return {
    paths: [...new Set([...indexes, ...thread, ...(order === undefined ? [] : [order])])],
    searchText,
    dimensions: embeddings?.dimensions,
    tag: modelTag(embeddings?.model),
    thread,
    order,
  };
};
