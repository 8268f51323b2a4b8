import type { Branch } from "./branches.ts";
import type { Found } from "./difference.ts";
import type { Nodes, SchemaNode } from "./node.ts";

/** What the parts of a comparison ask of each other. `from` is the schema that a value is known to be valid under. */
export type Comparison = {
  readonly nodes: Nodes;
  /** How messages call the two schemas. */
  readonly from: string;
  readonly to: string;
  /** Why a value for which all of the branch holds may not be valid under the schema; nothing: it is. */
  readonly fits: (branch: Branch, to: SchemaNode) => readonly Found[];
  /** The same of a value within the one that is looked at: of a property, an item or a name. */
  readonly fitsWithin: (from: readonly SchemaNode[], to: SchemaNode) => readonly Found[];
  /** The ways in which these hold, too; undefined where there are too many. */
  readonly extend: (branch: Branch, others: readonly SchemaNode[]) => readonly Branch[] | undefined;
  /** Whether it is known that no value within the one that is looked at exists for which all of these hold. */
  readonly isEmpty: (nodes: readonly SchemaNode[]) => boolean;
  /** The same of a branch, about the value that is looked at itself. */
  readonly isNothing: (branch: Branch) => boolean;
  /** The types of which a value can be for which the branch holds, as bits. */
  readonly possibleTypes: (branch: Branch) => number;
};
