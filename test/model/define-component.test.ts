import { defineComponent, openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const refused = (definition: unknown): Error & { code?: string } => {
  try {
    defineComponent(definition as never);
  } catch (error) {
    return error as Error;
  }
  throw new Error(`It was taken: ${JSON.stringify(definition)}`);
};

describe("defineComponent", () => {
  it("[D1] without types a component takes any type and any JSON object, and no embeddings", async () => {
    const Plain = defineComponent({ name: "Plain" });
    await using base = await openContextbase({ url: ":memory:", components: [Plain] });
    const store = new Plain.Store(base);
    await store.storeContext({
      id: "a",
      type: "whatever",
      content: { any: [1, { thing: null }] },
      embeddings: [],
    });
    expect(await store.retrieveContext("a")).toMatchObject({
      type: "whatever",
      content: { any: [1, { thing: null }] },
    });
    const vector = store.storeContext({ type: "t", content: {}, embeddings: [1] });
    await expect(vector).rejects.toThrow(/declares none.*Declare embeddings/);
  });

  it("[D2] describe gives it as JSON, the same from a library's schema and from JSON Schema", () => {
    const content = z.object({ name: z.string(), plan: z.enum(["free", "pro"]).default("free") });
    const One = defineComponent({ name: "One", types: { profile: content }, embeddings: { dimensions: 2 } });
    const description = JSON.parse(JSON.stringify(One.describe()));
    expect(description).toEqual({
      name: "One",
      schemaVersion: 1,
      types: {
        profile: {
          $schema: "https://json-schema.org/draft/2020-12/schema",
          type: "object",
          properties: {
            name: { type: "string" },
            plan: { default: "free", type: "string", enum: ["free", "pro"] },
          },
          required: ["name", "plan"],
          additionalProperties: false,
        },
      },
      embeddings: { dimensions: 2 },
    });
    const Two = defineComponent({ ...description, schemaVersion: 3 });
    expect(Two.describe()).toEqual({ ...description, schemaVersion: 3 });
  });

  it("[D2] refuses what it does not know by name", () => {
    expect(refused({ name: "One", typse: {} }).message).toMatch(
      /One has no option "typse"\. A component takes: name, types/,
    );
    for (const name of ["one", "", "One Two", "O".repeat(65), 1, undefined]) {
      expect(refused({ name }).message).toMatch(/must begin with a capital letter/);
    }
    expect(refused({ name: "One", types: {} }).message).toMatch(/types is empty/);
    expect(refused({ name: "One", schemaVersion: 0 }).message).toMatch(/schemaVersion is 0/);
    expect(refused({ name: "One", embeddings: { dimensions: 4_001 } }).message).toMatch(/from 1 to 4000/);
    expect(refused({ name: "One", types: { t: { type: "strin" } } })).toMatchObject({
      code: "invalid_component",
    });
    expect(refused({ name: "One", types: { t: { type: "array" } } }).message).toMatch(
      /content and metadata are objects/,
    );
    expect(refused({ name: "One", types: { t: z.array(z.string()) } }).message).toMatch(
      /content and metadata are objects/,
    );
  });

  it("[S2] schemas that transform, are asynchronous or hold what is no JSON are refused at definition", () => {
    const schemas: readonly (readonly [schema: unknown, why: RegExp])[] = [
      [z.object({ a: z.string().transform(Number) }), /transforms/],
      [z.object({ a: z.codec(z.string(), z.number(), { decode: Number, encode: String }) }), /transforms/],
      [z.object({ a: z.date() }), /JSON does not have/],
      [z.object({ a: z.bigint() }), /JSON does not have/],
      [z.object({ a: z.map(z.string(), z.string()) }), /JSON does not have/],
      [z.object({}).refine(async () => true), /asynchronous/],
      [{ $async: true, type: "object" }, /asynchronous/],
      [{ type: "object", requried: ["a"] }, /unknown keyword: "requried"/],
    ];
    for (const [schema, why] of schemas) {
      const error = refused({ name: "One", types: { t: schema } });
      expect(error).toMatchObject({ code: "invalid_component" });
      expect(error.message).toMatch(/One\.types\.t/);
      expect(error.message).toMatch(why);
    }
  });

  it("[D3] the class names carry the component's name, and tell components apart", async () => {
    const One = defineComponent({ name: "One" });
    const Two = defineComponent({ name: "Two" });
    await using base = await openContextbase({ url: ":memory:", components: [One, Two] });
    expect([One.Store.name, One.Error.name, One.Monitor.name]).toEqual([
      "OneStore",
      "OneError",
      "OneMonitor",
    ]);
    const store = new One.Store(base);
    expect([store instanceof One.Store, store instanceof Two.Store]).toEqual([true, false]);
    const monitor = new One.Monitor();
    expect([monitor instanceof One.Monitor, monitor instanceof Two.Monitor]).toEqual([true, false]);
    expect(store.monitor).toBeInstanceOf(One.Monitor);
  });
});
