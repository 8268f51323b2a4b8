import type { Json } from "../../base/json.ts";
import { sameJson } from "../../base/same-json.ts";
import { accepts } from "./accepts.ts";
import type { Branch } from "./branches.ts";
import type { SchemaNode } from "./node.ts";
import { typeBits, typeOfValue, typesOf } from "./types.ts";

const listed = ({ keywords }: SchemaNode): readonly Json[] | undefined => {
  if (Object.hasOwn(keywords, "const")) return [keywords.const as Json];
  return Array.isArray(keywords.enum) ? keywords.enum : undefined;
};

/** The values of the types that have a few only. */
const ofTypes = (types: number): readonly Json[] | undefined => {
  const few = typeBits.null | typeBits.boolean;
  if ((types & ~few) !== 0) return undefined;
  return [null, true, false].filter((value) => (typeOfValue(value) & types) !== 0);
};

/** All values for which a branch may hold, where it has them listed: those that certainly do not are left out. */
export const valuesOf = (branch: Branch): readonly Json[] | undefined => {
  const types = typesOf(branch);
  const lists = branch.flatMap((node) => {
    const values = listed(node);
    return values ? [values] : [];
  });
  const [first] = lists.sort((one, other) => one.length - other.length);
  const values = first ?? ofTypes(types);
  return values?.filter(
    (value, at) =>
      (typeOfValue(value) & types) !== 0 &&
      branch.every((node) => accepts(node, value) !== false) &&
      values.findIndex((before) => sameJson(before, value)) === at,
  );
};
