import { numbersIn, wholeNumbers } from "../../../in-memory/number-list.ts";
import { addSlot, keepCommon, listSlots, noSlots, type Slots } from "../../../in-memory/slots.ts";
import { decodePositions, decodePostings } from "./postings.ts";
import type { Run } from "./runs.ts";
import type { TermPlaces } from "./term-places.ts";
import type { TextIndex } from "./text-index.ts";

/** The places of a term in some slots: those in the nth slot lie from `starts[n]` to `starts[n + 1]`. */
type Places = { readonly starts: Uint32Array; readonly positions: number[] };

/** Everything of a term, block by block and then in the tails: the slots rise. */
function* readPlaces(texts: TextIndex, term: string): Generator<TermPlaces> {
  for (const { first, block, positions } of texts.savedPositions(term)) {
    const postings = { slots: wholeNumbers(), frequencies: wholeNumbers() };
    decodePostings(block, first, postings);
    const frequencies = numbersIn(postings.frequencies);
    yield {
      slots: numbersIn(postings.slots),
      frequencies,
      positions: decodePositions(positions, frequencies),
    };
  }
  for (const tail of texts.tails()) {
    const places = tail.placesOf(term);
    if (places) yield places;
  }
}

const placesOf = (texts: TextIndex, term: string, wanted: Uint32Array): Places => {
  const starts = new Uint32Array(wanted.length + 1);
  const positions: number[] = [];
  let next = 0;
  for (const places of readPlaces(texts, term)) {
    let at = 0;
    for (let index = 0; index < places.slots.length && next < wanted.length; index++) {
      const slot = places.slots[index] ?? 0;
      const end = at + (places.frequencies[index] ?? 0);
      // Every wanted slot has the term, so none is passed over.
      if (slot === wanted[next]) {
        for (; at < end; at++) positions.push(places.positions[at] ?? 0);
        starts[++next] = positions.length;
      }
      at = end;
    }
  }
  return { starts, positions };
};

const slotsOfRun = ({ slots: { array, length } }: Run, words: number): Slots => {
  const slots = noSlots(words * 32);
  for (let index = 0; index < length; index++) addSlot(slots, array[index] ?? 0);
  return slots;
};

/** Whether the nth slot has a place of the first term that each other follows, one after another. */
const isRow = ([head, ...rest]: readonly Places[], nth: number): boolean => {
  if (!head) return false;
  for (let at = head.starts[nth] ?? 0; at < (head.starts[nth + 1] ?? 0); at++) {
    const start = head.positions[at] ?? 0;
    const follows = rest.every(({ starts, positions }, index) => {
      for (let place = starts[nth] ?? 0; place < (starts[nth + 1] ?? 0); place++)
        if (positions[place] === start + index + 1) return true;
      return false;
    });
    if (follows) return true;
  }
  return false;
};

/** Of these slots the ones in whose texts the terms stand one after another. */
export const slotsOfPhrase = (
  texts: TextIndex,
  phrase: readonly string[],
  runs: ReadonlyMap<string, Run>,
  among: Slots,
): Slots => {
  const common = among.slice();
  for (const term of new Set(phrase)) {
    const run = runs.get(term);
    keepCommon(common, run ? slotsOfRun(run, common.length) : noSlots(common.length * 32));
  }
  if (phrase.length < 2) return common;
  const wanted = listSlots(common);
  const places = new Map(phrase.map((term) => [term, placesOf(texts, term, wanted)]));
  const row = phrase.flatMap((term) => places.get(term) ?? []);
  const found = noSlots(common.length * 32);
  for (const [nth, slot] of wanted.entries()) if (isRow(row, nth)) addSlot(found, slot);
  return found;
};
