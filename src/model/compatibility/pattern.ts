const compiled = new Map<string, RegExp | undefined>();
const mostCompiled = 1_000;

const compile = (pattern: string): RegExp | undefined => {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
};

/** Whether a text has what the pattern of a JSON Schema looks for; undefined where it is no pattern. */
export const matches = (pattern: string, text: string): boolean | undefined => {
  if (!compiled.has(pattern)) {
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(pattern, compile(pattern));
  }
  return compiled.get(pattern)?.test(text);
};
