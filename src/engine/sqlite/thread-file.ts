/** Where a thread of this engine begins: a file beside this one, `.ts` in the sources, `.js` in what is published. */
export const threadFile = (name: "writer-thread" | "check-thread"): URL =>
  new URL(`./${name}${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
