import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";

const lineCharacters = 110;

export type ScaffoldFile = { readonly name: string; readonly text: string };

/**
 * The files of a new component: its declaration, and a test that passes as it stands.
 * @throws ContextbaseError invalid_argument where the name cannot be a component's
 */
export const scaffold = (name: string): readonly ScaffoldFile[] => {
  checkName(name);
  const file = `${toKebabCase(name)}.context`;
  return [
    { name: `${file}.ts`, text: declaration(name) },
    { name: `${file}.test.ts`, text: test(name, file) },
  ];
};

const checkName = (name: string): void => {
  const most = limits.componentNameCharacters;
  if (/^[A-Z][A-Za-z0-9]*$/.test(name) && name.length <= most) return;
  const better = toPascalCase(name).slice(0, most);
  const suggestion = /^[A-Z]/.test(better) ? ` Try: contextbase new ${better}` : "";
  const message = `A component's name begins with a capital letter and holds letters and digits only, up to ${most}; ${JSON.stringify(name)} does not.${suggestion}`;
  throw new ContextbaseError("invalid_argument", message);
};

const toPascalCase = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");

/** `CustomerOrder` is `customer-order`, and `HTTPRequest` is `http-request`. */
const toKebabCase = (name: string): string =>
  name.replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3-$2").toLowerCase();

const declaration = (name: string): string => `import { type ContextOf, defineComponent } from "contextbase";
import { z } from "zod";

/** What is kept of a ${name}. Change the types below into your own: they are here to show how it is done. */
export const ${name} = defineComponent({
  name: "${name}",

  // A context has a type, and each type has a schema for its content. A context that does not fit is refused.
  // Every field here is optional, so that a context may begin empty; take .optional() away where one is needed.
  types: {
    profile: z.object({
      name: z.string().optional(),
      tags: z.array(z.string()).optional(),
    }),
    note: z.object({
      text: z.string().optional(),
    }),
  },

  // What is known about a context rather than in it. Without a schema, metadata takes any JSON object.
  metadata: z.object({
    source: z.string().optional(),
  }),

  // Contexts that carry a vector say how long it is. Without this line only empty embeddings are taken.
  // embeddings: { dimensions: 384 },

  // Every string of a content is searched. To search some alone, or filter quickly by a value, name their paths.
  // searchText: ["content.text"],
  // indexes: ["metadata.source"],
});

/** A ${name} context as it is read: told apart by \`type\`, its content typed by the schema of that type. */
export type ${name}Context = ContextOf<typeof ${name}>;

/** \`new ${name}Store(base)\`: the contexts of this component in an open store. */
export const ${name}Store = ${name}.Store;
export type ${name}Store = InstanceType<typeof ${name}.Store>;

/** Every error that is thrown for this component is an instance of it. */
export const ${name}Error = ${name}.Error;
export type ${name}Error = InstanceType<typeof ${name}.Error>;

/** How long storing and retrieving take, and what went wrong: \`store.monitor.snapshot()\`. */
export const ${name}Monitor = ${name}.Monitor;
export type ${name}Monitor = InstanceType<typeof ${name}.Monitor>;
`;

/** On one line where it fits, as formatters want it. */
const importOf = (name: string, file: string): string => {
  const names = [name, `type ${name}Context`, `${name}Error`, `${name}Monitor`, `${name}Store`];
  const line = `import { ${names.join(", ")} } from "./${file}.ts";`;
  return line.length <= lineCharacters ? line : `import {\n  ${names.join(",\n  ")},\n} from "./${file}.ts";`;
};

const test = (
  name: string,
  file: string,
): string => `import { type Contextbase, openContextbase, VersionConflictError } from "contextbase";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
${importOf(name, file)}

describe("${name}", () => {
  let base: Contextbase;
  let store: ${name}Store;

  beforeEach(async () => {
    base = await openContextbase({ url: ":memory:", components: [${name}] });
    store = new ${name}Store(base);
  });

  afterEach(() => base.close());

  it("reads back a context that is empty", async () => {
    await store.storeContext({ id: "test_id", type: "profile", content: {}, embeddings: [], metadata: {} });

    const context = await store.getContext("test_id");
    expect(context).toMatchObject({ id: "test_id", type: "profile", content: {}, metadata: {}, version: 1 });
    expect(context.embeddings).toHaveLength(0);
  });

  it("reads back version 2 of a context that was changed", async () => {
    await store.storeContext({ id: "test_id", type: "profile", content: {}, version: 1 });
    const context: ${name}Context = await store.getContext("test_id");

    context.version = 2;
    await store.storeContext(context);

    expect((await store.getContext("test_id")).version).toBe(2);
  });

  it("refuses a version that somebody else wrote first", async () => {
    await store.storeContext({ id: "test_id", type: "note", content: { text: "mine" }, version: 1 });

    const late = store.storeContext({ id: "test_id", type: "note", content: { text: "late" }, version: 1 });
    await expect(late).rejects.toBeInstanceOf(VersionConflictError);
    await expect(late).rejects.toBeInstanceOf(${name}Error);
    expect((await store.getContext("test_id")).content).toEqual({ text: "mine" });
  });

  it("counts what it does", async () => {
    await store.storeContext({ type: "note", content: { text: "counted" } });

    expect(store.monitor).toBeInstanceOf(${name}Monitor);
    expect(store.monitor.snapshot().storage.count).toBe(1);
  });
});
`;
