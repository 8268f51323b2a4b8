import type { Json } from "../../../base/json.ts";

const strings = (value: Json): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
};
export const textsOf = (_: readonly string[], content: Json, __: Json): { text: string }[] =>
  strings(content).map((text) => ({ text }));
export const documentTerms = (texts: readonly { text: string }[]) => {
  const positions = new Map<string, number[]>();
  let length = 0;
  for (const { text } of texts)
    for (const word of text.toLowerCase().split(/\W+/).filter(Boolean)) {
      const at = positions.get(word) ?? [];
      at.push(length++);
      positions.set(word, at);
    }
  return { length, positions };
};
export const inverseDocumentFrequency = (documents: number, containing: number): number =>
  Math.max(1e-6, Math.log((documents - containing + 0.5) / (containing + 0.5)));
export const termWeight = (frequency: number, length: number, averageLength: number): number =>
  (frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * length) / averageLength));
