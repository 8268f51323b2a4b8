/** A piece of a line, and what is done to it when it is shown. */
export type Piece = { readonly text: string; readonly style?: (text: string) => string };

/** Words with the white space behind them; a word longer than a line comes in parts. */
const wordsOf = ({ text, style }: Piece, width: number): Piece[] =>
  (text.match(/\S+\s*|\s+/gu) ?? []).flatMap((word) =>
    Array.from({ length: Math.ceil(word.length / width) || 1 }, (_, part) => ({
      text: word.slice(part * width, (part + 1) * width),
      ...(style && { style }),
    })),
  );

/** Without the white space that it was broken at. */
const showLine = (line: readonly Piece[]): string =>
  line
    .map(({ text, style }, at) => {
      const shown = at === line.length - 1 ? text.trimEnd() : text;
      return style && shown !== "" ? style(shown) : shown;
    })
    .join("");

/** Breaks pieces into lines of up to `width` characters, at white space where there is some. */
export const wrap = (pieces: readonly Piece[], width: number): string[] => {
  const lines: Piece[][] = [];
  let line: Piece[] = [];
  let used = 0;
  const end = (): void => {
    lines.push(line);
    [line, used] = [[], 0];
  };
  const whole = Number.isFinite(width) ? pieces.flatMap((piece) => wordsOf(piece, width)) : pieces;
  for (const word of whole) {
    if (used + word.text.trimEnd().length > width && used > 0) end();
    line.push(word);
    used += word.text.length;
  }
  if (line.length > 0) end();
  return lines.map(showLine);
};
