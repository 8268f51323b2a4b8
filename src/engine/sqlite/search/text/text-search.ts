import { inverseDocumentFrequency } from "../../../../search/text/bm25.ts";
import type { TextQuery } from "../../../../search/text/text-query.ts";
import type { Documents } from "../../../in-memory/documents.ts";
import { hasSlot, type Slots } from "../../../in-memory/slots.ts";
import { bestSlots } from "./best-slots.ts";
import { slotsOfPhrase } from "./phrases.ts";
import { type Run, runOf, runOfPrefix } from "./runs.ts";
import { addScores, keepScores, withScores } from "./scores.ts";
import type { TextIndex } from "./text-index.ts";
import { scoreLent } from "./thread-scores.ts";

/** What a search by text found, best first. */
export type TextMatches = {
  readonly matches: readonly { readonly slot: number; readonly score: number }[];
  /** Those terms that stand in a slot itself. */
  readonly termsAt: (slot: number) => readonly string[];
};

const countLive = ({ slots: { array, length } }: Run, alive: Slots): number => {
  let count = 0;
  for (let at = 0; at < length; at++) if (hasSlot(alive, array[at] ?? 0)) count++;
  return count;
};

const contains = ({ slots: { array, length } }: Run, slot: number): boolean => {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((array[middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  return low < length && array[low] === slot;
};

/**
 * The best documents by text, best first, ties by id. Statistics are those of all that are alive and have a text.
 * @param fits the slots to choose from, all of them alive; undefined: all that are
 */
export const searchText = (
  query: TextQuery,
  documents: Documents,
  texts: TextIndex,
  fits: Slots | undefined,
  limit: number,
): TextMatches => {
  const live = texts.live();
  const alive = documents.live() === documents.size() ? undefined : documents.alive();
  const runs = new Map([...new Set(query.terms)].map((term) => [term, runOf(texts, term)]));
  const prefixes = [...new Set(query.prefixes)].map((prefix) => runOfPrefix(texts, prefix));
  const within = query.phrases.reduce<Slots | undefined>(
    (slots, phrase) => slotsOfPhrase(texts, phrase, runs, slots ?? documents.alive()),
    fits ?? alive,
  );
  const all = [...runs.values(), ...prefixes];
  const weightOf = (run: Run): number =>
    inverseDocumentFrequency(live.texts, alive ? countLive(run, alive) : run.slots.length);
  const average = live.length / Math.max(1, live.texts);
  const matches = withScores(documents.size(), (scores) => {
    if (documents.threads) {
      const lent = scoreLent(
        query,
        all.map((run) => ({ run, weight: weightOf(run) })),
        documents.threads,
        texts,
        average,
        documents.size(),
      );
      keepScores(scores, lent, within);
    } else {
      addScores(scores, all, weightOf, { ...texts, average, longest: texts.longest() }, within);
    }
    return bestSlots(scores, documents.ids, limit).map((slot) => ({ slot, score: scores.scores[slot] ?? 0 }));
  });
  return {
    matches,
    termsAt: (slot) => all.filter((run) => contains(run, slot)).map(({ term }) => term),
  };
};
