import { show } from "../../base/show.ts";
import { type Bound, boundOf, holds, largestOf, sides, smallestOf } from "./bounds.ts";
import type { Branch } from "./branches.ts";
import type { Comparison } from "./comparison.ts";
import type { DifferenceKind, Found } from "./difference.ts";
import type { SchemaNode } from "./node.ts";
import { typeBits } from "./types.ts";

/** What one part of a comparison finds at the place itself, for values of some types. */
export type Check = (
  branch: Branch,
  to: SchemaNode,
  types: number,
  comparison: Comparison,
) => readonly Found[];

const tellBound = ({ value, exclusive }: Bound, limit: "minimum" | "maximum"): string => {
  if (!Number.isFinite(value)) return "any";
  const words = limit === "minimum" ? ["above", "from"] : ["below", "up to"];
  return `${exclusive ? words[0] : words[1]} ${value}`;
};

const isMultiple = (whole: number, of: number): boolean =>
  Number.isSafeInteger(whole / of) && Number.isSafeInteger(of);

/** Whether all numbers of a branch are multiples, as far as whole numbers tell it exactly. */
const areMultiples = (branch: Branch, of: number, isWhole: boolean): boolean => {
  const said = branch.map(({ keywords: { multipleOf } }) => multipleOf);
  return [...said, ...(isWhole ? [1] : [])].some(
    (step) => step === of || (typeof step === "number" && Number.isSafeInteger(step) && isMultiple(step, of)),
  );
};

export const checkNumbers: Check = (branch, to, types, comparison) => {
  if ((types & (typeBits.integer | typeBits.fraction)) === 0) return [];
  const isWhole = (types & typeBits.fraction) === 0;
  const found: Found[] = [];
  for (const limit of ["minimum", "maximum"] as const) {
    const side = sides[limit];
    const bound = boundOf(branch, side, isWhole);
    const wanted = boundOf([to], side, isWhole);
    if (holds(bound, wanted, side)) continue;
    const message = `${comparison.from} takes ${tellBound(bound, limit)}, ${comparison.to} only ${tellBound(wanted, limit)}`;
    found.push({ steps: "", kind: limit, message });
  }
  const { multipleOf } = to.keywords;
  if (typeof multipleOf === "number" && !areMultiples(branch, multipleOf, isWhole)) {
    const message = `${comparison.to} takes multiples of ${multipleOf} only, ${comparison.from} others too`;
    found.push({ steps: "", kind: "multipleOf", message });
  }
  return found;
};

/** Compares how much there is of something. @param least, most what a value of the branch has, at both ends */
export const checkSize = (
  to: SchemaNode,
  kinds: readonly [DifferenceKind, DifferenceKind],
  [least, most]: readonly [number, number],
  comparison: Comparison,
): Found[] => {
  const [minimum, maximum] = kinds;
  const [wantedLeast, wantedMost] = [
    largestOf([to], minimum, 0),
    smallestOf([to], maximum, Number.POSITIVE_INFINITY),
  ];
  const found: Found[] = [];
  if (least < wantedLeast) {
    const message = `${comparison.from} takes ${minimum} ${least}, ${comparison.to} wants ${wantedLeast}`;
    found.push({ steps: "", kind: minimum, message });
  }
  if (most > wantedMost) {
    const much = Number.isFinite(most) ? `${maximum} ${most}` : "any number";
    const message = `${comparison.from} takes ${much}, ${comparison.to} ${maximum} ${wantedMost}`;
    found.push({ steps: "", kind: maximum, message });
  }
  return found;
};

export const checkStrings: Check = (branch, to, types, comparison) => {
  if ((types & typeBits.string) === 0) return [];
  const lengths = [
    largestOf(branch, "minLength", 0),
    smallestOf(branch, "maxLength", Number.POSITIVE_INFINITY),
  ] as const;
  const found = checkSize(to, ["minLength", "maxLength"], lengths, comparison);
  for (const kind of ["pattern", "format"] as const) {
    const wanted = to.keywords[kind];
    const said = branch.map(({ keywords }) => keywords[kind]).filter((one) => one !== undefined);
    if (wanted === undefined || said.includes(wanted)) continue;
    const had = said.length === 0 ? "any text" : `the ${kind} ${said.map(show).join(" and ")}`;
    const doubt = said.length === 0 ? "" : "; whether the one implies the other is not proved";
    const message = `${comparison.from} takes ${had}, ${comparison.to} the ${kind} ${show(wanted)}${doubt}`;
    found.push({ steps: "", kind, message });
  }
  return found;
};
