import { decodePositions } from "./postings.ts";
import type { Run } from "./runs.ts";
import { addSlot, hasSlot, keepCommon, noSlots, type Slots } from "./slots.ts";
import type { TextIndex } from "./text-index.ts";

type Places = Map<number, readonly number[]>;

/** The places of a term in the wanted slots. */
const placesOf = (texts: TextIndex, term: string, wanted: Slots): Places => {
  const places: Places = new Map();
  for (const { first, block, positions } of texts.savedPositions(term)) {
    for (const found of decodePositions(block, first, positions))
      if (hasSlot(wanted, found.slot)) places.set(found.slot, found.positions);
  }
  for (const { terms } of texts.tails()) {
    const tail = terms.get(term);
    let at = 0;
    for (const [index, slot] of tail?.slots.entries() ?? []) {
      const frequency = tail?.frequencies[index] ?? 0;
      if (hasSlot(wanted, slot)) places.set(slot, tail?.positions.slice(at, at + frequency) ?? []);
      at += frequency;
    }
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
