import { askingTerm } from "../../../../search/text/marks.ts";
import { scoreThreads } from "../../../../search/text/score-threads.ts";
import type { Postings } from "../../../../search/text/score-windows.ts";
import type { TextQuery } from "../../../../search/text/text-query.ts";
import type { Threads } from "../../../in-memory/document-threads.ts";
import { type Run, runOf } from "./runs.ts";
import type { TextIndex } from "./text-index.ts";

/** A term with its inverse document frequency. */
export type WeighedRun = { readonly run: Run; readonly weight: number };

const postingsOf = ({ slots, frequencies }: Run): Postings => ({
  slots: slots.array,
  frequencies: frequencies.array,
  count: slots.length,
});

/** The scores of all slots, with what their threads lend: whom a filter leaves out may lend to who is found. */
export const scoreLent = (
  { names }: TextQuery,
  terms: readonly WeighedRun[],
  threads: Threads,
  texts: TextIndex,
  averageLength: number,
  size: number,
): Float64Array =>
  scoreThreads(
    {
      terms: terms.map(({ run, weight }) => ({ postings: postingsOf(run), inverseFrequency: weight })),
      names: names.map((name) => postingsOf(runOf(texts, name))),
      asking: postingsOf(runOf(texts, askingTerm)),
    },
    threads.links(),
    { lengths: texts.lengths.array, averageLength },
    size,
  );
