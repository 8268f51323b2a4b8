/** The files that threads of this engine begin in, by name, as they are found from this one. */
const threadFiles = {
  "writer-thread": "../writing/writer-thread",
  "check-thread": "../opening/check-thread",
  "reader-thread": "../finding/reader-thread",
  "rewrite-thread": "../rewriting/rewrite-thread",
  "as-of-thread": "../as-of/as-of-thread",
  "filler-thread": "../indexing/filler-thread",
  "search-thread": "../search/search-thread",
} as const;

/** Where a thread of this engine begins: `.ts` in the sources, `.js` in what is published. */
export const threadFile = (name: keyof typeof threadFiles): URL =>
  new URL(`${threadFiles[name]}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
