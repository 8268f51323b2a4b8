import { canonicalJson } from "../../base/canonical-json.ts";
import { isObject } from "../../base/json.ts";
import { isReference, plainSchema } from "./plain-schema.ts";

/** A schema within its document, so that its references can be followed. */
export type SchemaNode = {
  readonly id: number;
  /** Its own keywords; of `true` none, of `false` `{ not: {} }`. */
  readonly keywords: Readonly<Record<string, unknown>>;
  /** The same for schemas that say the same: equal text, annotations aside, and equal targets of references. */
  readonly shape: string;
  readonly one: (keyword: string) => SchemaNode | undefined;
  readonly list: (keyword: string) => readonly SchemaNode[];
  readonly map: (keyword: string) => ReadonlyMap<string, SchemaNode>;
  /** What `$ref` names; undefined where there is none, or where it cannot be followed. */
  readonly target: SchemaNode | undefined;
};

export type Nodes = {
  /** The root of a JSON Schema. */
  readonly open: (schema: unknown) => SchemaNode;
  /** A schema of our own making, without references; one for each text. */
  readonly make: (schema: Readonly<Record<string, unknown>>) => SchemaNode;
  /** What is valid under one of these at least. */
  readonly either: (nodes: readonly SchemaNode[]) => SchemaNode;
  /** What is not valid under this. */
  readonly not: (node: SchemaNode) => SchemaNode;
};

type Document = {
  readonly root: unknown;
  /** Whether references lead into the document itself. */
  readonly isWhole: boolean;
  readonly nodeOf: (schema: unknown) => SchemaNode | undefined;
};

const isSchema = (value: unknown): value is Record<string, unknown> | boolean =>
  typeof value === "boolean" || isObject(value);

/** Whether some part of a document is one of its own, into which the references there lead. */
const hasOwnBase = (schema: unknown, isRoot: boolean): boolean => {
  if (Array.isArray(schema)) return schema.some((item) => hasOwnBase(item, false));
  if (!isObject(schema)) return false;
  if (!isRoot && typeof schema.$id === "string") return true;
  return Object.values(schema).some((value) => hasOwnBase(value, false));
};

/** @param pointer a JSON Pointer (RFC 6901) as the fragment of a URI */
const valueAt = (root: unknown, pointer: string): unknown => {
  let found = root;
  for (const step of pointer.split("/").slice(1)) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(found)) found = found[Number(name)];
    else found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
};

const follow = ({ root, isWhole, nodeOf }: Document, reference: unknown): SchemaNode | undefined => {
  if (!isWhole || typeof reference !== "string" || !/^#(\/|$)/.test(reference)) return undefined;
  try {
    return nodeOf(valueAt(root, reference.slice(1)));
  } catch {
    // A fragment that is percent-encoded wrongly names nothing.
    return undefined;
  }
};

/** Nodes know each other by their numbers: each schema has one node, however often it is reached. */
export const createNodes = (): Nodes => {
  let count = 0;
  const made = new Map<string, SchemaNode>();

  const remember = (key: string, make: () => SchemaNode): SchemaNode => {
    const node = made.get(key) ?? make();
    made.set(key, node);
    return node;
  };

  const createNode = (schema: Record<string, unknown> | boolean, document: Document): SchemaNode => {
    const keywords = isObject(schema) ? schema : schema ? {} : { not: {} };
    const { nodeOf } = document;
    let shape: string | undefined;
    return {
      id: ++count,
      keywords,
      get shape() {
        shape ??= shapeOf(keywords, document);
        return shape;
      },
      one: (keyword) => nodeOf(keywords[keyword]),
      list: (keyword) => {
        const value = keywords[keyword];
        return Array.isArray(value) ? value.flatMap((item) => nodeOf(item) ?? []) : [];
      },
      map: (keyword) => {
        const value = keywords[keyword];
        const entries = isObject(value) ? Object.entries(value) : [];
        return new Map(
          entries.flatMap(([name, item]) => {
            const node = nodeOf(item);
            return node ? [[name, node]] : [];
          }),
        );
      },
      get target() {
        return follow(document, keywords.$ref);
      },
    };
  };

  const createDocument = (root: unknown): Document => {
    const known = new Map<object, SchemaNode>();
    const nodeOf = (schema: unknown): SchemaNode | undefined => {
      if (!isSchema(schema)) return undefined;
      if (typeof schema === "boolean") return schema ? make({}) : make({ not: {} });
      const node = known.get(schema) ?? createNode(schema, document);
      // What a reference leads to stands in its place; while it is followed it stands for itself.
      known.set(schema, node);
      const target = isReference(schema) ? node.target : undefined;
      if (target) known.set(schema, target);
      return target ?? node;
    };
    const document = { root, isWhole: !hasOwnBase(root, true), nodeOf };
    return document;
  };

  const make: Nodes["make"] = (schema) =>
    remember(canonicalJson(schema), () => createNode(schema, createDocument(schema)));

  const either: Nodes["either"] = (nodes) => {
    const [first] = nodes;
    if (first && nodes.length === 1) return first;
    const ids = nodes.map(({ id }) => id).sort((one, other) => one - other);
    return remember(`either ${ids}`, () => {
      const node = make({ anyOf: ids });
      return { ...node, id: ++count, list: (keyword) => (keyword === "anyOf" ? nodes : []) };
    });
  };

  const not: Nodes["not"] = (node) =>
    remember(`not ${node.id}`, () => {
      const shape = `not ${node.shape}`;
      const made = make({ not: { not: node.id } });
      return { ...made, id: ++count, shape, one: (keyword) => (keyword === "not" ? node : undefined) };
    });

  const open = (schema: unknown): SchemaNode => createDocument(schema).nodeOf(schema) ?? make({});
  return { open, make, either, not };
};

const shapeOf = (keywords: Readonly<Record<string, unknown>>, { root, isWhole }: Document): string => {
  const { $defs, definitions, ...own } = keywords;
  const text = canonicalJson(plainSchema(own));
  if (!/"\$(ref|dynamicRef|recursiveRef)":/.test(text)) return text;
  return `${text} in ${canonicalJson(isWhole ? plainSchema(root) : root)}`;
};
