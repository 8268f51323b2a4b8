/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

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
