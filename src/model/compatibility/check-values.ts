import type { Json } from "../../base/json.ts";
import { showName } from "../../base/show.ts";
import { accepts } from "./accepts.ts";
import type { Branch } from "./branches.ts";
import type { Comparison } from "./comparison.ts";
import type { Found } from "./difference.ts";
import type { SchemaNode } from "./node.ts";
import { typeOfValue } from "./types.ts";
import { valuesOf } from "./values.ts";

const mostShown = 5;

const tell = (values: readonly Json[]): string => {
  const shown = values.slice(0, mostShown).map((value) => showName(JSON.stringify(value)));
  return values.length > mostShown
    ? `${shown.join(", ")} and ${values.length - mostShown} more`
    : shown.join(", ");
};

/** Looks at each value of a branch that lists them; undefined where it lists none, or not all can be judged. */
export const checkValues = (
  branch: Branch,
  to: SchemaNode,
  types: number,
  comparison: Comparison,
): readonly Found[] | undefined => {
  const values = valuesOf(branch)?.filter((value) => (typeOfValue(value) & types) !== 0);
  if (!values) return undefined;
  const refused = values.filter((value) => accepts(to, value) === false);
  if (refused.length > 0) {
    return [
      {
        steps: "",
        kind: "enum",
        message: `${comparison.from} takes ${tell(refused)}, ${comparison.to} does not`,
      },
    ];
  }
  return values.every((value) => accepts(to, value) === true) ? [] : undefined;
};

/** What of values is listed, for a branch that takes others, too. */
export const checkListed = (branch: Branch, { keywords }: SchemaNode, comparison: Comparison): Found[] => {
  const isConst = Object.hasOwn(keywords, "const");
  const listed = isConst
    ? [keywords.const as Json]
    : Array.isArray(keywords.enum)
      ? keywords.enum
      : undefined;
  if (!listed) return [];
  const values = valuesOf(branch);
  const texts = new Set(listed.map((value) => JSON.stringify(value)));
  if (values?.every((value) => texts.has(JSON.stringify(value)))) return [];
  const message = `${comparison.from} takes other values than ${tell(listed)}, ${comparison.to} only these`;
  return [{ steps: "", kind: "enum", message }];
};
