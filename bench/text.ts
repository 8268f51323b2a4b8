import { createRandom as seeded } from "../src/testing/random.ts";

export { seeded };

const vocabulary = ((): string[] => {
  const random = seeded(1);
  const letter = (): string => String.fromCharCode(97 + Math.floor(random() ** 1.5 * 26));
  return Array.from({ length: 5_000 }, () =>
    Array.from({ length: 2 + Math.floor(random() * 8) }, letter).join(""),
  );
})();

/** Text of so many characters, its words as unevenly frequent as those of a language. */
export const textOf = (characters: number, random: () => number): string => {
  let text = "";
  while (text.length < characters) {
    text += `${vocabulary[Math.floor(random() ** 3 * vocabulary.length)]} `;
  }
  return text.slice(0, characters);
};
