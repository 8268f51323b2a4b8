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

/** What a document of this length adds for a term that stands in it so often, before its inverse document frequency. */
export const termWeight = (frequency: number, length: number, averageLength: number): number =>
  (frequency * (k1 + 1)) / (frequency + k1 * (1 - b + b * (averageLength > 0 ? length / averageLength : 1)));
