import { z } from "zod";
import { defineComponent } from "../src/index.ts";
import { seeded, textOf } from "./text.ts";

export const dimensions = 384;

/** The component that is measured: schemas for content and metadata, and an embedding. */
export const Note = defineComponent({
  name: "Note",
  types: {
    note: z.object({
      title: z.string(),
      text: z.string(),
      tags: z.array(z.string()),
      turn: z.number(),
    }),
  },
  metadata: z.object({ source: z.string(), session: z.string() }),
  embeddings: { dimensions },
});

export type Sample = {
  readonly id: string;
  readonly type: "note";
  readonly content: { title: string; text: string; tags: string[]; turn: number };
  readonly metadata: { source: string; session: string };
  readonly embeddings: Float32Array;
};

const contentBytes = 1024;
const tags = ["alpha", "beta"];

/** What samples are cut from: their texts and embeddings are views into these, so that they take no memory. */
const pool = ((): { text: string; numbers: Float32Array } => {
  const random = seeded(2);
  const numbers = Float32Array.from({ length: 1_000_000 }, () => random() - 0.5);
  return { text: textOf(4_000_000, random), numbers };
})();

/**
 * Samples of 1 KB of content, the same for the same names. Thousands of them stay alive while sides are
 * measured; being views, they add little to what the garbage collector has to walk.
 */
export const makeSamples = (name: string, count: number): Sample[] => {
  const random = seeded(name.length);
  const below = (most: number): number => Math.floor(random() * most);
  return Array.from({ length: count }, (_, number) => {
    const title = textFrom(below(pool.text.length - contentBytes), 40);
    const content = { title, text: "", tags, turn: number };
    content.text = textFrom(
      below(pool.text.length - contentBytes),
      contentBytes - JSON.stringify(content).length,
    );
    const first = below(pool.numbers.length - dimensions);
    return {
      id: `${name}-${String(number).padStart(7, "0")}`,
      type: "note",
      content,
      metadata: { source: "benchmark", session: `session-${number % 100}` },
      embeddings: pool.numbers.subarray(first, first + dimensions),
    };
  });
};

const textFrom = (start: number, characters: number): string => pool.text.slice(start, start + characters);

/** The same items in a seeded random order (Fisher and Yates). */
export const shuffled = <Item>(items: readonly Item[], seed: number): Item[] => {
  const random = seeded(seed);
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    const [mine, theirs] = [copy[at], copy[other]];
    if (mine !== undefined && theirs !== undefined) [copy[at], copy[other]] = [theirs, mine];
  }
  return copy;
};

export const inBatches = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
