import { longestCommon } from "./longest-common.ts";

/** A part of a text that two texts have in common, or that one of them has alone. */
export type TextPart = { readonly kind: "same" | "removed" | "added"; readonly text: string };

/** Words, runs of white space, and signs by themselves. */
const words = /\s+|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;

/** How one text became another, word by word: the parts that both have, and between them what went and what came. */
export const compareWords = (a: string, b: string): TextPart[] => {
  const [from, to] = [a.match(words) ?? [], b.match(words) ?? []];
  const numbers = new Map<string, number>();
  const numberOf = (word: string): number => {
    const number = numbers.get(word) ?? numbers.size;
    numbers.set(word, number);
    return number;
  };
  const parts: TextPart[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [
    ...longestCommon(from.map(numberOf), to.map(numberOf)),
    [from.length, to.length] as const,
  ]) {
    parts.push({ kind: "removed", text: from.slice(i, nextI).join("") });
    parts.push({ kind: "added", text: to.slice(j, nextJ).join("") });
    parts.push({ kind: "same", text: from[nextI] ?? "" });
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return joinParts(parts);
};

/** Runs of one kind are one part; white space between two changes belongs to both of them. */
const joinParts = (parts: readonly TextPart[]): TextPart[] => {
  const joined: TextPart[] = [];
  let [same, removed, added] = ["", "", ""];
  const endChange = (): void => {
    if (removed !== "") joined.push({ kind: "removed", text: removed });
    if (added !== "") joined.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  const endSame = (): void => {
    const changing = removed !== "" || added !== "";
    if (changing && same.trim() === "") [removed, added] = [removed + same, added + same];
    else {
      endChange();
      if (same !== "") joined.push({ kind: "same", text: same });
    }
    same = "";
  };
  for (const { kind, text } of parts) {
    if (text === "") continue;
    if (kind === "same") same += text;
    else {
      endSame();
      if (kind === "removed") removed += text;
      else added += text;
    }
  }
  endChange();
  if (same !== "") joined.push({ kind: "same", text: same });
  return joined;
};
