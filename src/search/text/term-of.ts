import { stem } from "porter2";
import { limits } from "../../base/limits.ts";
import { irregularForms } from "./irregular-forms.ts";

/** Letters that differ from their plain ones by more than a mark that decomposition takes off. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ŧ: "t",
  ς: "σ",
};

/** Marks that change how a letter is read and are often left out: Latin, Greek and Cyrillic; Hebrew; Arabic. */
const marks = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u0640]/g;

const isAscii = (text: string): boolean => {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
};

/**
 * A text in the one spelling that its spellings share: compatibility forms resolved, case and marks dropped.
 * Marks that make another letter (Devanagari's vowels, the voiced kana) stay.
 */
export const fold = (text: string): string => {
  if (isAscii(text)) return text.toLowerCase();
  const plain = text.normalize("NFKD").replace(marks, "").toLowerCase().replace(marks, "");
  return plain.replace(/[ßæœøłđðþħıŧς]/g, (letter) => plainLetters[letter] ?? letter).normalize("NFC");
};

/** As much of a term as `limits.termBytes` leaves room for, in whole characters. */
const cut = (term: string): string => {
  if (term.length * 3 <= limits.termBytes) return term;
  let bytes = 0;
  let kept = "";
  for (const character of term) {
    bytes += Buffer.byteLength(character);
    if (bytes > limits.termBytes) break;
    kept += character;
  }
  return kept;
};

/** What a word is found by: folded and, where it is English letters alone, its stem (Porter 2, by Snowball). */
export const termOf = (word: string): string => {
  const folded = cut(fold(word));
  if (folded.length < 3 || !/^[a-z]+$/.test(folded)) return irregularForms.get(folded) ?? folded;
  return stem(irregularForms.get(folded) ?? folded);
};
