/** How many letters must be put in, left out, or put for others, to make one name of the other (Levenshtein 1966). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const put = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(put, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** Longer names are no misspellings of ours. */
const mostCharacters = 32;

/** The known name that a misspelled one is most like; undefined where it is like none. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  if (name.length > mostCharacters) return undefined;
  const ranked = known
    .map((one) => ({ one, away: distance(name.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.away - b.away);
  const [best] = ranked;
  return best && best.away <= Math.max(2, Math.floor(best.one.length / 2) - 1) ? best.one : undefined;
};
