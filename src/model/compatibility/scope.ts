import type { SchemaNode } from "./node.ts";

/** Keywords by which another schema tells of the same properties or items. */
const applied = [
  ...["$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if"],
  ...["dependentSchemas", "dependencies"],
];

/** Whether what a schema leaves unevaluated is what it does not name itself. */
const isAlone = ({ keywords }: SchemaNode): boolean =>
  applied.every((keyword) => keywords[keyword] === undefined);

/** What holds for properties that a schema neither names nor has a pattern for. */
export const additionalOf = (node: SchemaNode): SchemaNode | undefined =>
  node.one("additionalProperties") ?? (isAlone(node) ? node.one("unevaluatedProperties") : undefined);

/** What holds for the items behind `prefixItems`. */
export const restOf = (node: SchemaNode): SchemaNode | undefined => {
  const counted = isAlone(node) && node.keywords.contains === undefined;
  return node.one("items") ?? (counted ? node.one("unevaluatedItems") : undefined);
};

/** Whether a schema says something that hangs on which other schemas applied: it is not reckoned with. */
export const isOpaque = (node: SchemaNode): boolean => {
  const { $dynamicRef, $recursiveRef, unevaluatedProperties, unevaluatedItems, $ref } = node.keywords;
  if ($dynamicRef !== undefined || $recursiveRef !== undefined) return true;
  if ($ref !== undefined && !node.target) return true;
  const open = (value: unknown): boolean => value === undefined || value === true;
  const hidesProperties = !open(unevaluatedProperties) && node.keywords.additionalProperties === undefined;
  const hidesItems = !open(unevaluatedItems) && node.keywords.items === undefined;
  const hides = isAlone(node) ? hidesItems && restOf(node) === undefined : hidesProperties || hidesItems;
  return hides;
};
