import { wholeNumbers } from "./number-list.ts";
import { decodePostings } from "./postings.ts";
import type { Run } from "./runs.ts";
import { addSlot, hasSlot, keepCommon, noSlots, type Slots } from "./slots.ts";
import type { SavedPositions, TextIndex } from "./text-index.ts";

type Places = Map<number, readonly number[]>;

const readSaved = ({ first, block, positions }: SavedPositions, wanted: Slots, places: Places): void => {
  const postings = { slots: wholeNumbers(), frequencies: wholeNumbers() };
  decodePostings(block, first, postings);
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = positions[at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (let index = 0; index < postings.slots.length; index++) {
    const slot = postings.slots.array[index] ?? 0;
    const found: number[] = [];
    let place = 0;
    for (let left = postings.frequencies.array[index] ?? 0; left > 0; left--) {
      place += number();
      found.push(place);
    }
    if (hasSlot(wanted, slot)) places.set(slot, found);
  }
};

/** The places of a term in the wanted slots. */
const placesOf = (texts: TextIndex, term: string, wanted: Slots): Places => {
  const places: Places = new Map();
  for (const saved of texts.saved.positions(term)) readSaved(saved, wanted, places);
  const tail = texts.tail.terms.get(term);
  let at = 0;
  for (const [index, slot] of tail?.slots.entries() ?? []) {
    const frequency = tail?.frequencies[index] ?? 0;
    if (hasSlot(wanted, slot)) places.set(slot, tail?.positions.slice(at, at + frequency) ?? []);
    at += frequency;
  }
  return places;
};

const slotsOfRun = ({ slots: { array, length } }: Run, size: number): Slots => {
  const slots = noSlots(size);
  for (let index = 0; index < length; index++) addSlot(slots, array[index] ?? 0);
  return slots;
};

/** Of these slots the ones in whose texts the terms stand one after another. */
export const slotsOfPhrase = (
  texts: TextIndex,
  phrase: readonly string[],
  runs: ReadonlyMap<string, Run>,
  among: Slots,
): Slots => {
  const wanted = among.slice();
  for (const term of new Set(phrase)) {
    const run = runs.get(term);
    keepCommon(wanted, run ? slotsOfRun(run, wanted.length * 32) : noSlots(wanted.length * 32));
  }
  if (phrase.length < 2) return wanted;
  const places = new Map(phrase.map((term) => [term, placesOf(texts, term, wanted)]));
  const found = noSlots(wanted.length * 32);
  const [head = "", ...rest] = phrase;
  for (const [slot, starts] of places.get(head) ?? []) {
    const others = rest.map((term) => new Set(places.get(term)?.get(slot)));
    if (starts.some((start) => others.every((at, index) => at.has(start + index + 1)))) addSlot(found, slot);
  }
  return found;
};
