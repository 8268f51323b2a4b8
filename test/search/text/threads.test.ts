import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inverseDocumentFrequency, termWeight } from "../../../src/search/text/bm25.ts";
import { documentTerms } from "../../../src/search/text/document-terms.ts";
import { askingTerm } from "../../../src/search/text/marks.ts";
import { parseTextQuery } from "../../../src/search/text/parse-text-query.ts";
import { scoreThreads } from "../../../src/search/text/score-threads.ts";
import type { Postings } from "../../../src/search/text/score-windows.ts";
import { linkThreads } from "../../../src/search/text/thread-links.ts";

type Turn = { readonly thread?: string; readonly order?: number; readonly texts: readonly string[] };

const nowhere: Postings = { slots: [], frequencies: [], count: 0 };

/** The scores of turns by a query, as an engine finds them. */
const scoresOf = (query: string, turns: readonly Turn[]): number[] => {
  const threads = linkThreads<number>((first, second) => first - second);
  const postings = new Map<string, { slots: number[]; frequencies: number[]; count: number }>();
  const lengths = turns.map(({ thread, order = 0, texts }, slot) => {
    const { length, positions } = documentTerms(texts.map((text) => ({ text })));
    for (const [term, { length: frequency }] of positions) {
      const found = postings.get(term) ?? { slots: [], frequencies: [], count: 0 };
      found.slots.push(slot);
      found.frequencies.push(frequency);
      found.count++;
      postings.set(term, found);
    }
    if (thread !== undefined) threads.add(slot, thread, order);
    return length;
  });
  const read = (term: string): Postings => postings.get(term) ?? nowhere;
  const { terms, names } = parseTextQuery(query);
  const weighed = terms.map((term) => ({
    postings: read(term),
    inverseFrequency: inverseDocumentFrequency(turns.length, read(term).count),
  }));
  const averageLength = lengths.reduce((sum, length) => sum + length, 0) / turns.length;
  const asked = { terms: weighed, names: names.map(read), asking: read(askingTerm) };
  return [...scoreThreads(asked, threads.links(), { lengths, averageLength }, turns.length)];
};

const filler = Array.from({ length: 20 }, (_, number) => ({ texts: [`nothing of note ${number}`] }));

describe("the scores of contexts in threads", () => {
  it("[Q7] are those of BM25 where there are no threads", () => {
    const turns = [
      { texts: ["the red dog"] },
      { texts: ["a dog and a dog"] },
      { texts: ["a cat"] },
      ...filler,
    ];
    const lengths = turns.map(({ texts }) => documentTerms(texts.map((text) => ({ text }))).length);
    const average = lengths.reduce((sum, length) => sum + length, 0) / turns.length;
    const known = inverseDocumentFrequency(turns.length, 2);
    const scores = scoresOf("dog", turns);
    expect(scores[0]).toBeCloseTo(known * termWeight(1, 3, average), 10);
    expect(scores[1]).toBeCloseTo(known * termWeight(2, 5, average), 10);
    expect(scores.slice(2).every((score) => score === 0)).toBe(true);
  });

  it("[Q7] lend to neighbours in the thread, the next one most, and to none in another", () => {
    const texts = ["alpha", "beta", "gamma", "sunrise", "delta", "epsilon", "zeta"];
    const inThread = (thread: string) => texts.map((text, order) => ({ thread, order, texts: [text] }));
    const other = texts.map((text, order) => ({
      thread: "b",
      order,
      texts: [text.replace("sunrise", "sunset")],
    }));
    const scores = scoresOf("sunrise", [...inThread("a"), ...other, ...filler]);
    const [, second = 0, third = 0, own = 0, next = 0, afterNext = 0, last = 0] = scores;
    expect([own, next, afterNext, third, second]).toEqual(
      [own, next, afterNext, third, second].sort((a, b) => b - a),
    );
    expect(second).toBeGreaterThan(0);
    expect(scores[0]).toBe(0);
    expect(last).toBe(0);
    expect(scores.slice(7).every((score) => score === 0)).toBe(true);
  });

  it("[Q7] find an answer by its question, above the question", () => {
    const turns = [
      { thread: "a", order: 1, texts: ["Which instruments do you play?", "Ada"] },
      { thread: "a", order: 2, texts: ["Mostly the clarinet, and the violin at times.", "Ben"] },
      ...filler,
    ];
    const [question = 0, answer = 0] = scoresOf("What instruments does Ben play?", turns);
    expect(answer).toBeGreaterThan(0);
    expect(scoresOf("clarinet", turns)[1]).toBeGreaterThan(0);
    const told = [{ ...turns[0], texts: ["These instruments you play.", "Ada"] }, ...turns.slice(1)];
    expect(question).toBeLessThan(scoresOf("What instruments does Ben play?", told as Turn[])[0] ?? 0);
  });

  it("[Q7] prefer what a name of the question says", () => {
    const turns = ["Ada Byron", "Ben"].map((speaker, order) => ({
      thread: `t${order}`,
      order,
      texts: ["We went hiking on the hill.", speaker],
    }));
    const hiking = (query: string): number[] => scoresOf(query, [...turns, ...filler]).slice(0, 2);
    const [ada = 0, ben = 0] = hiking("Where did Ada Byron go hiking?");
    expect(ada).toBeGreaterThan(ben);
    const [first = 0, second = 0] = hiking("Where did Ben go hiking?");
    expect(second).toBeGreaterThan(first);
  });

  it("[Q7] are finite, never below 0, and the same each time", () => {
    const turn = fc.record({
      thread: fc.option(fc.constantFrom("a", "b", "c"), { nil: undefined }),
      order: fc.integer({ min: 0, max: 5 }),
      texts: fc.array(fc.constantFrom("red dog", "cat?", "Ada", "", "the dog ran after a cat"), {
        maxLength: 3,
      }),
    });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 30 }), (turns) => {
        const given = turns.map(({ thread, ...rest }) => (thread === undefined ? rest : { ...rest, thread }));
        const scores = scoresOf("did Ada see the dog or cats", given);
        expect(scores.every((score) => Number.isFinite(score) && score >= 0)).toBe(true);
        expect(scoresOf("did Ada see the dog or cats", given)).toEqual(scores);
      }),
    );
  });
});

describe("the links of threads", () => {
  it("[Q7] follow the order, whatever comes and goes, as a list that is sorted anew does", () => {
    const step = fc.record({
      slot: fc.integer({ min: 0, max: 30 }),
      key: fc.constantFrom("a", "b"),
      order: fc.integer({ min: 0, max: 6 }),
      goes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const threads = linkThreads<number>((first, second) => first - second);
        const members = new Map<string, { slot: number; order: number }[]>([
          ["a", []],
          ["b", []],
        ]);
        const there = new Set<number>();
        for (const { slot, key, order, goes } of steps) {
          if (goes || there.has(slot)) {
            threads.remove(slot);
            there.delete(slot);
            for (const [thread, list] of members) {
              members.set(
                thread,
                list.filter((member) => member.slot !== slot),
              );
            }
          } else {
            threads.add(slot, key, order);
            there.add(slot);
            members.set(
              key,
              [...(members.get(key) ?? []), { slot, order }].sort(
                (first, second) => first.order - second.order,
              ),
            );
          }
        }
        const { previous, next } = threads.links();
        for (const list of members.values()) {
          for (const [at, { slot }] of list.entries()) {
            expect(previous[slot]).toBe(list[at - 1]?.slot ?? -1);
            expect(next[slot]).toBe(list[at + 1]?.slot ?? -1);
          }
        }
      }),
    );
  });
});
