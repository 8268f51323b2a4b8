import { seeded } from "../text.ts";

/** What a row can be filtered by: one of ten, of a hundred and of a thousand values, at random. */
export type Row = {
  readonly vector: Float32Array;
  readonly tenth: number;
  readonly hundredth: number;
  readonly thousandth: number;
};

export type RowFilter = {
  readonly column: "tenth" | "hundredth" | "thousandth";
  readonly value: number;
};

export type VectorData = { readonly rows: readonly Row[]; readonly queries: readonly Float32Array[] };

export type Clustering = {
  /** How many clusters; 1 for none. */
  readonly clusters: number;
  /** The length of the noise around a cluster's centre, which is of length 1. */
  readonly noise: number;
  /** The length of what all vectors have in common, as those of many embedding models do. */
  readonly common: number;
};

/** Neighbours in one cluster have a cosine of about 0.5, with neighbours that stand out only a little. */
export const clustered: Clustering = { clusters: 1_000, noise: 1, common: 0 };
/** As evenly spread as vectors can be: the nearest of 100,000 has a cosine of about 0.2. */
export const uniform: Clustering = { clusters: 1, noise: 1, common: 0 };
/** Clusters, but all in one corner: any two have a cosine of 0.5 or more. */
export const cornered: Clustering = { clusters: 1_000, noise: 1, common: 1.5 };

/** Seeded vectors of length 1, and queries of the same kind that are none of them. */
export const makeVectors = (
  count: number,
  dimensions: number,
  { clusters, noise, common }: Clustering,
  queries = 200,
): VectorData => {
  const random = seeded(clusters + dimensions);
  const normal = normalFrom(random);
  const direction = (): Float32Array => unit(Float32Array.from({ length: dimensions }, normal));
  const shared = direction();
  const centres = clusters > 1 ? Array.from({ length: clusters }, direction) : [];
  const spread = noise / Math.sqrt(dimensions);
  const make = (): Float32Array => {
    const centre = centres[Math.floor(random() * clusters)];
    const vector = new Float32Array(dimensions);
    for (let at = 0; at < dimensions; at++)
      vector[at] = (centre?.[at] ?? 0) + common * (shared[at] ?? 0) + spread * normal();
    return unit(vector);
  };
  const below = (end: number): number => Math.floor(random() * end);
  const rows = Array.from({ length: count }, () => ({
    vector: make(),
    tenth: below(10),
    hundredth: below(100),
    thousandth: below(1_000),
  }));
  return { rows, queries: Array.from({ length: queries }, make) };
};

/** Numbers of the normal distribution, two at a time (Box and Muller). */
const normalFrom = (random: () => number): (() => number) => {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const length = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = length * Math.sin(angle);
    return length * Math.cos(angle);
  };
};

const unit = (vector: Float32Array): Float32Array => {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const factor = 1 / Math.sqrt(squares);
  return vector.map((value) => value * factor);
};
