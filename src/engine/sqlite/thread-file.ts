/** The files that threads of this engine begin in, by name, beside this one. */
const threadFiles = {
  "writer-thread": "./writer-thread",
  "check-thread": "./check-thread",
  "reader-thread": "./reader-thread",
  "rewrite-thread": "./rewrite-thread",
  "as-of-thread": "./as-of-thread",
  "filler-thread": "./filler-thread",
  "search-thread": "./search/search-thread",
} as const;

/** Where a thread of this engine begins: `.ts` in the sources, `.js` in what is published. */
export const threadFile = (name: keyof typeof threadFiles): URL =>
  new URL(`${threadFiles[name]}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
