/** A run of letters, spaces or signs that is longer than this is counted in pieces. */
const pieceCharacters = 1_000;

/** What a tokenizer never cuts: letters, space, or signs, each by themselves. Numbers it cuts by threes. */
const run = /[\p{L}\p{M}]+|\s+|[^\p{L}\p{M}\p{N}\s]+/gu;

const piece = new RegExp(`[^]{1,${pieceCharacters}}`, "gu");

/**
 * A text in the pieces that its tokens are counted in: in one, unless it holds a run that no tokenizer cuts. The time
 * that merging takes grows with the square of a run's length, 5 s for 100,000 spaces, so that such runs are cut.
 */
export const cutLongRuns = (text: string): string[] => {
  if (text.length <= pieceCharacters) return [text];
  const pieces: string[] = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(run)) {
    if (found.length <= pieceCharacters) continue;
    pieces.push(text.slice(done, index), ...(found.match(piece) ?? []));
    done = index + found.length;
  }
  pieces.push(text.slice(done));
  return pieces;
};
