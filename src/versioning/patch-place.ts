import { isObject, type Json } from "../base/json.ts";
import { show } from "../base/show.ts";
import { formatPointer } from "./json-pointer.ts";
import { PatchProblem, type Path } from "./patch-operation.ts";

/** Holds the value that is patched, so that the whole of it can be replaced like a part. It is changed in place. */
export type Holder = { root: Json };

const arrayIndex = /^(?:0|[1-9]\d*)$/;

/** @throws PatchProblem where it is no index, or above `most` */
const indexOf = (array: readonly unknown[], step: string, at: Path, most: number): number => {
  const index = arrayIndex.test(step) ? Number(step) : undefined;
  if (index !== undefined && index <= most) return index;
  const holds = `which has ${array.length} element${array.length === 1 ? "" : "s"}`;
  throw misplaced(`${show(step)} is no index into the array at ${pointerTo(at)}, ${holds}.`);
};

const misplaced = (problem: string): PatchProblem =>
  new PatchProblem(`${problem} Make the patch from the value as it is.`);

const pointerTo = (path: Path): string => JSON.stringify(formatPointer(path));

const missing = (step: string, at: Path): PatchProblem =>
  misplaced(`the object at ${pointerTo(at)} has no ${show(step)}.`);

const noHolder = (at: Path): PatchProblem =>
  misplaced(`what stands at ${pointerTo(at)} is neither an object nor an array.`);

const stepInto = (holder: Json, step: string, at: Path): Json => {
  if (Array.isArray(holder)) return holder[indexOf(holder, step, at, holder.length - 1)];
  if (!isObject(holder)) throw noHolder(at);
  const found = Object.hasOwn(holder, step) ? holder[step] : undefined;
  if (found === undefined) throw missing(step, at);
  return found;
};

/** @throws PatchProblem where there is none */
export const valueAt = ({ root }: Holder, path: Path): Json =>
  path.reduce((holder, step, depth) => stepInto(holder, step, path.slice(0, depth)), root);

type Place = { readonly parent: Json; readonly last: string; readonly at: Path };

/** What holds the place, and its step there; undefined for the root. */
const placeOf = (holder: Holder, path: Path): Place | undefined => {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const at = path.slice(0, -1);
  return { parent: valueAt(holder, at), last, at };
};

/** Puts a value in: before the element of an index, behind the last one for `-`, in the place of a member. */
export const addAt = (holder: Holder, path: Path, value: Json): void => {
  const place = placeOf(holder, path);
  if (!place) holder.root = value;
  else if (Array.isArray(place.parent)) {
    const { parent, last, at } = place;
    parent.splice(last === "-" ? parent.length : indexOf(parent, last, at, parent.length), 0, value);
  } else setMember(place, value);
};

/** They are of a copy of ours. */
const membersOf = (value: unknown): Record<string, unknown> | undefined =>
  isObject(value) ? value : undefined;

const setMember = ({ parent, last, at }: Place, value: Json): void => {
  const members = membersOf(parent);
  if (!members) throw noHolder(at);
  if (last === "__proto__")
    throw new PatchProblem("__proto__ is no name for a property: it reaches a prototype. Rename it.");
  members[last] = value;
};

export const replaceAt = (holder: Holder, path: Path, value: Json): void => {
  valueAt(holder, path);
  const place = placeOf(holder, path);
  if (place && Array.isArray(place.parent)) place.parent[Number(place.last)] = value;
  else if (place) setMember(place, value);
  else holder.root = value;
};

export const removeAt = (holder: Holder, path: Path): void => {
  valueAt(holder, path);
  const place = placeOf(holder, path);
  if (!place) throw new PatchProblem("the whole value cannot be taken away. Replace it.");
  if (Array.isArray(place.parent)) place.parent.splice(Number(place.last), 1);
  else delete membersOf(place.parent)?.[place.last];
};
