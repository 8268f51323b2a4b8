/** Numbers by word, for words of ASCII that are pieces of a text, by its units: a look needs no text of its own. */
export type WordTable = {
  readonly size: () => number;
  /** The number of the word that stands from `start` to `end` and has this hash. */
  readonly find: (codes: Uint16Array, start: number, end: number, hash: number) => number | undefined;
  /** Adds one that is not there. */
  readonly add: (codes: Uint16Array, start: number, end: number, hash: number, number: number) => void;
  readonly clear: () => void;
};

/** Of each place: the hash of its word, where its characters begin, how many they are (0: it is free), its number. */
const stride = 4;
const firstPlaces = 64;
/** A table that is fuller than this grows, so that most words are found where they are looked for. */
const fullPart = 0.5;

export const createWordTable = (): WordTable => {
  let places = new Int32Array(firstPlaces * stride);
  let mask = firstPlaces - 1;
  let characters = new Uint8Array(firstPlaces * 8);
  let written = 0;
  let size = 0;

  const isSame = (at: number, codes: Uint16Array, start: number, end: number): boolean => {
    const from = (places[at + 1] ?? 0) - start;
    for (let index = start; index < end; index++) if (characters[from + index] !== codes[index]) return false;
    return true;
  };

  const freePlace = (hash: number): number => {
    let place = hash & mask;
    while (places[place * stride + 2] !== 0) place = (place + 1) & mask;
    return place * stride;
  };

  const grow = (): void => {
    const before = places;
    places = new Int32Array(before.length * 2);
    mask = places.length / stride - 1;
    for (let at = 0; at < before.length; at += stride) {
      if (before[at + 2] === 0) continue;
      const place = freePlace(before[at] ?? 0);
      for (let index = 0; index < stride; index++) places[place + index] = before[at + index] ?? 0;
    }
  };

  const write = (codes: Uint16Array, start: number, end: number): number => {
    if (written + end - start > characters.length) {
      const larger = new Uint8Array(characters.length * 2 + end - start);
      larger.set(characters);
      characters = larger;
    }
    const from = written;
    for (let at = start; at < end; at++) characters[written++] = codes[at] ?? 0;
    return from;
  };

  return {
    size: () => size,
    find: (codes, start, end, hash) => {
      for (let place = hash & mask; ; place = (place + 1) & mask) {
        const at = place * stride;
        const length = places[at + 2];
        if (length === 0) return undefined;
        if (places[at] === hash && length === end - start && isSame(at, codes, start, end))
          return places[at + 3];
      }
    },
    add: (codes, start, end, hash, number) => {
      if (size * stride >= places.length * fullPart) grow();
      const place = freePlace(hash);
      places[place] = hash;
      places[place + 1] = write(codes, start, end);
      places[place + 2] = end - start;
      places[place + 3] = number;
      size++;
    },
    clear: () => {
      places.fill(0);
      written = 0;
      size = 0;
    },
  };
};
