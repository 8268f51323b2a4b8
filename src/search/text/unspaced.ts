import type { Piece, Pieces } from "./pieces.ts";
import { fold } from "./term-of.ts";

/** A letter with the marks that belong to it. */
const letters = /[^\p{M}ﾞﾟ][\p{M}ﾞﾟ]*/gu;

/**
 * The terms of a run in a script without spaces between words, or of an emoji: each letter, and each two that follow
 * each other. It needs no dictionary, so that every machine has the same terms.
 */
export const unspacedPieces = (run: string): Pieces => {
  const folds = fold(run) !== run;
  const found = [...run.matchAll(letters)];
  const pieces = found.flatMap(({ 0: letter, index }, offset): Piece[] => {
    const add = (text: string): Piece => ({
      term: folds ? fold(text) : text,
      start: index,
      end: index + text.length,
      offset,
    });
    const next = found[offset + 1]?.[0];
    return next === undefined ? [add(letter)] : [add(letter + next), add(letter)];
  });
  return { pieces, words: found.length };
};
