/** How soon more of the same term counts less, and how much a long text counts less: the usual ones, FTS5's too. */
const k1 = 1.2;
const b = 0.75;

/** What a term that stands in most texts counts: next to nothing, never less than nothing. */
const leastFrequency = 1e-6;

/**
 * How much a term tells, by how few of the documents it stands in.
 * @see https://www.sqlite.org/fts5.html#the_bm25_function Robertson and Spärck Jones, as FTS5 has it
 */
export const inverseDocumentFrequency = (documents: number, containing: number): number => {
  const frequency = Math.log((documents - containing + 0.5) / (containing + 0.5));
  return frequency > 0 ? frequency : leastFrequency;
};

/** How many of a term are half as much as any number of them, in a document of this length. */
export const saturation = (length: number, averageLength: number): number =>
  k1 * (1 - b + b * (averageLength > 0 ? length / averageLength : 1));

/** What a term that stands so often in a document of this saturation adds, before its inverse document frequency. */
export const saturated = (frequency: number, saturation: number): number =>
  (frequency * (k1 + 1)) / (frequency + saturation);

/** The same for a document of this length. */
export const termWeight = (frequency: number, length: number, averageLength: number): number =>
  saturated(frequency, saturation(length, averageLength));
