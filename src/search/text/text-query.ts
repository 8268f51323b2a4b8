/** What is searched for, after analysis: terms are as the index has them. */
export type TextQuery = {
  /** A text that has any of them matches; each adds to the score. */
  readonly terms: readonly string[];
  /** The same of every term that begins so. */
  readonly prefixes: readonly string[];
  /** Runs of terms that must stand in a text one after another, each of them. Their terms stand in `terms`, too. */
  readonly phrases: readonly (readonly string[])[];
  /** The terms that short texts have which the query names whole, as a speaker. They match nothing by themselves. */
  readonly names: readonly string[];
};
