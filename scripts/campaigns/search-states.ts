import { z } from "zod";
import { defineComponent } from "../../src/index.ts";
import { createRandom } from "./random.ts";

const dimensions = 32;
const buckets = 20;

export const Fact = defineComponent({
  name: "Fact",
  types: { fact: z.object({ text: z.string() }) },
  metadata: z.object({ bucket: z.number() }),
  embeddings: { dimensions },
  searchText: ["content.text"],
  indexes: ["metadata.bucket"],
});

/** What a context is in one of its versions. */
export type State = {
  readonly deleted: boolean;
  /** A word that stands in this version of this context alone. */
  readonly ownWord: string;
  /** A word that many contexts have. */
  readonly sharedWord: string;
  readonly bucket: number;
};

export const sharedWords = ["amber", "basalt", "cobalt", "dolomite", "ebony"];

/** A version follows from its number, so that what is found can be checked without anything being kept. */
export const stateOf = (seed: number, id: number, version: number): State => {
  const random = createRandom(seed + id * 7_919 + version * 104_729);
  return {
    deleted: version > 1 && version % 6 === id % 6,
    ownWord: `w${id}x${version}`,
    sharedWord: random.pick(sharedWords),
    bucket: random.below(buckets),
  };
};

/** The vector of a version. */
export const vectorOf = (seed: number, id: number, version: number): Float32Array => {
  const random = createRandom(seed + id * 7_919 + version * 104_729 + 1);
  return Float32Array.from({ length: dimensions }, () => random.below(2_001) - 1_000 + 0.5);
};

export const idOf = (id: number): string => `fact-${id}`;

export const numberOf = (id: string): number => Number(id.slice("fact-".length));

export const contextOf = (seed: number, id: number, version: number) => {
  const { ownWord, sharedWord, bucket } = stateOf(seed, id, version);
  return {
    id: idOf(id),
    type: "fact" as const,
    content: { text: `${ownWord} is ${sharedWord}` },
    metadata: { bucket },
    embeddings: vectorOf(seed, id, version),
  };
};
