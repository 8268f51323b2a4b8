/**
 * Up to where the log of a tenant is known: its last change, which is told from another one at the same position by its
 * time and its write; and how often contents were rewritten that no change tells of.
 */
export type Stamp = {
  readonly position: number;
  readonly at: number;
  readonly write: string;
  readonly rewrites: number;
};
