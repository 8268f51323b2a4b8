import fc from "fast-check";
import type { Hono } from "hono";
import { expect, it } from "vitest";
import { errorTable } from "../../src/base/error-table.ts";
import { parseJsonText } from "../../src/base/json-text.ts";
import { runsOf } from "../fuzz/runs.ts";
import { contextOf, json, open, parseProblem, problemOf } from "./fixture.ts";

const hostileNames = [
  "__proto__",
  "constructor",
  "toString",
  "length",
  "",
  "a.b",
  "$eq",
  "\u0000",
  "\ud800",
  "😀",
];
const hostileTokens = [
  "-0", "1e400", "-1e400", "1e-400", "9007199254740993", "123456789012345678901234567890", "0.1e+2",
  "NaN", "Infinity", "undefined", "01", "1.", "'a'", '"\\ud800"', '"a\\udc00b"', '"\\ud83d\\ude00"', '"\\u0000"',
  '"\\x41"', '"\u0001"', '"\u2028"', "[]", "{}", "[1,]", '{"a":1,}', '{"\\u005f_proto__":1}', '{"a":1,"a":2}',
]; // biome-ignore format: a list

const name = fc.oneof(
  { weight: 12, arbitrary: fc.string({ unit: "grapheme", maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
);

/** A text that is JSON, nearly always, of any shape, with what databases and parsers stumble over. */
const token = fc.letrec<{ any: string; leaf: string; list: string; object: string; deep: string }>((tie) => ({
  leaf: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map((text) => JSON.stringify(text)),
    },
    { weight: 3, arbitrary: fc.double().map((number) => JSON.stringify(number)) },
    { weight: 3, arbitrary: fc.constantFrom("null", "true", "false", "0", "1", '"a"') },
    { weight: 1, arbitrary: fc.constantFrom(...hostileTokens) },
  ),
  list: fc.array(tie("any"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
  object: fc
    .array(fc.tuple(name, tie("any")), { maxLength: 4 })
    .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(", ")}}`),
  deep: fc
    .tuple(fc.oneof(fc.integer({ min: 1, max: 120 }), fc.constantFrom(5_000)), tie("leaf"), fc.boolean())
    .map(([depth, leaf, lists]) =>
      lists ? "[".repeat(depth) + leaf + "]".repeat(depth) : '{"a":'.repeat(depth) + leaf + "}".repeat(depth),
    ),
  any: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    { weight: 8, arbitrary: tie("leaf") },
    { weight: 3, arbitrary: tie("list") },
    { weight: 4, arbitrary: tie("object") },
    { weight: 1, arbitrary: tie("deep") },
  ),
}));

const embeddings = fc.oneof(
  fc.array(fc.double().map((number) => JSON.stringify(number)), { minLength: 3, maxLength: 3 }),
  fc.array(fc.constantFrom("0", "-0", "1e39", "1e400", "1e-50", '"1"', "null", "0.1"), { maxLength: 4 }),
).map((numbers) => `[${numbers.join(",")}]`); // biome-ignore format: a list

/** Mostly `usual`, sometimes anything. */
const mostly = (usual: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: token.any });

/** One in `rarity` times the value, else undefined. */
const rarely = <Value>(rarity: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: rarity - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const profile = fc.string({ unit: "binary", maxLength: 8 }).map((name) => `{"name":${JSON.stringify(name)}}`);

/** The body of a write: a context, with fields that are wrong, missing or too many here and there. */
const bodyFor = (component: "Note" | "Customer"): fc.Arbitrary<string> => {
  const isNote = component === "Note";
  const context = fc
    .record({
      type: mostly(isNote ? fc.constantFrom('"a"', '"profile"', '"😀"') : fc.constant('"profile"')),
      content: mostly(isNote ? token.object : profile),
      metadata: rarely(3, mostly(fc.constantFrom("{}", '{"source":"x"}'))),
      embeddings: rarely(isNote ? 20 : 2, fc.oneof(embeddings, token.any)),
      version: rarely(8, fc.oneof(fc.constantFrom("1", "2", "3"), token.leaf)),
      createdAt: rarely(4, token.any),
      extra: rarely(20, token.any),
    })
    .map((fields) => {
      const given = Object.entries(fields).filter(([, value]) => value !== undefined);
      return `{${given.map(([key, value]) => `"${key}":${value}`).join(",")}}`;
    });
  return fc.oneof(
    { weight: 16, arbitrary: context },
    { weight: 1, arbitrary: token.any },
    { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
  );
};

/** The segment of a path that is to be an id. */
const segment = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 12 }) },
  { weight: 2, arbitrary: fc.constantFrom("a", "b", "c") },
  { weight: 1, arbitrary: fc.constantFrom(".", "..", "a/b", "%", "a%2Fb", "__proto__", "\0", "x".repeat(513)) },
).map((id) => (id.isWellFormed() ? encodeURIComponent(id) : "%ed%a0%80")); // biome-ignore format: a list

const write = fc
  .constantFrom("Note" as const, "Note" as const, "Customer" as const)
  .chain((component) => fc.tuple(fc.constant(component), segment, bodyFor(component)));

/** JSON as the store keeps it: −0 is 0. */
const kept = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, item) => (item === 0 ? 0 : item));

const isNamedRefusal = (status: number, text: string): boolean => {
  const { code, status: told } = parseProblem(text);
  return status >= 400 && status < 500 && told === status && code in errorTable;
};

const stateOf = async (app: Hono, path: string): Promise<string> => (await app.request(path)).text();

it("[H2, S2] generated writes are stored and read back equal, or refused by name, never with a 500", async () => {
  const { app, errors } = await open();
  const done = { stored: 0, refused: 0 };

  const check = async (component: string, id: string, text: string): Promise<void> => {
    const path = `/v1/components/${component}/contexts/${id}`;
    const before = await stateOf(app, path);
    const answer = await app.request(path, json("PUT", text));
    if (answer.status > 201) {
      expect(isNamedRefusal(answer.status, await answer.text())).toBe(true);
      expect(await stateOf(app, path)).toBe(before);
      done.refused++;
      return;
    }
    const sent = Object(parseJsonText(text));
    const read = await contextOf(await app.request(path));
    expect(read).toEqual(await contextOf(answer));
    expect(read.id).toBe(decodeURIComponent(id));
    expect(read.type).toBe(sent.type);
    expect(read.content).toEqual(kept(sent.content));
    expect(read.metadata).toEqual(kept(sent.metadata ?? {}));
    expect(read.embeddings).toEqual(kept((sent.embeddings ?? []).map(Math.fround)));
    if (sent.version !== undefined) expect(read.version).toBe(sent.version);
    done.stored++;
  };

  await fc.assert(
    fc.asyncProperty(write, ([component, id, text]) => check(component, id, text)),
    {
      numRuns: runsOf(10_000),
      seed: 20_260_131,
    },
  );
  for (const filler of ["x", "ä", "😀", '\\"', "\\u0001", "\\ud83d\\ude00"]) {
    const long = filler.repeat(2_000_000 / filler.length);
    await check("Note", "long", `{"type":"t","content":{"text":"${long}"}}`);
  }
  expect(done.stored).toBeGreaterThan(runsOf(3_000));
  expect(done.refused).toBeGreaterThan(runsOf(3_000));
  expect(errors).toEqual([]);
});

it("[H2, S1] generated batches are stored whole, or refused and nothing of them stored", async () => {
  const { app, errors } = await open();
  const done = { stored: 0, refused: 0 };
  const batch = fc.array(bodyFor("Note"), { maxLength: 4 }).map((bodies) => `[${bodies.join(",")}]`);
  await fc.assert(
    fc.asyncProperty(fc.oneof(batch, token.any), fc.uuid(), async (text, write) => {
      const answer = await app.request(
        "/v1/components/Note/batch",
        json("POST", text, { "Idempotency-Key": write }),
      );
      const happened = await app.request(`/v1/writes/${write}`);
      if (answer.status === 200) {
        const { contexts } = Object(await answer.json());
        expect(contexts).toHaveLength(Object(parseJsonText(text)).length);
        expect(happened.status).toBe(contexts.length === 0 ? 404 : 200);
        done.stored++;
      } else {
        expect(isNamedRefusal(answer.status, await answer.text())).toBe(true);
        expect(happened.status).toBe(404);
        done.refused++;
      }
    }),
    { numRuns: runsOf(1_000), seed: 20_260_201 },
  );
  expect(done.stored).toBeGreaterThan(runsOf(100));
  expect(done.refused).toBeGreaterThan(runsOf(100));
  expect(errors).toEqual([]);
});

it("[H2] generated requests of any method, path, query and headers are never answered with a 500", async () => {
  const { app, errors } = await open();
  const part = fc.oneof(
    segment,
    fc.constantFrom("v1", "components", "Note", "contexts", "versions", "1", "batch", ""),
  );
  const path = fc.oneof(
    fc.array(part, { maxLength: 7 }).map((parts) => `/${parts.join("/")}`),
    fc.tuple(segment, part).map(([id, last]) => `/v1/components/Note/contexts/${id}/${last}`),
    segment.map((id) => `/v1/components/Note/contexts/${id}`),
    fc.constant("/v1/components/Note/contexts"),
  );
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.constantFrom("1", "-1", "1e9", "2026-01-01"),
  );
  const query = fc.array(
    fc.tuple(fc.oneof(fc.constantFrom("limit", "cursor", "type", "version", "asOf", "x"), value), value),
    { maxLength: 2 },
  );
  const tags = fc.oneof(
    fc.constantFrom("*", '"1"', 'W/"1"', '"1", "2"', "1", ",", '"'),
    fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
  );
  const headers = fc.record(
    { "If-Match": tags, "If-None-Match": tags, "Idempotency-Key": tags, "Content-Type": tags },
    { requiredKeys: [] },
  );
  const method = fc.constantFrom("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW");
  await fc.assert(
    fc.asyncProperty(
      method,
      path,
      query,
      headers,
      bodyFor("Note"),
      async (method, path, query, headers, text) => {
        const search = query.map(([key, value]) => `${escapeText(key)}=${escapeText(value)}`).join("&");
        const init = json(method, text, { "Content-Type": "application/json", ...headers });
        const { body: _, ...bodiless } = init;
        const answer = await app.request(
          `http://localhost${path}${search && `?${search}`}`,
          method === "GET" || method === "HEAD" ? bodiless : init,
        );
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400 && method !== "HEAD")
          expect((await problemOf(answer)).status).toBe(answer.status);
      },
    ),
    { numRuns: runsOf(4_000), seed: 20_260_202 },
  );
  expect(errors).toEqual([]);
});

const escapeText = (text: string): string => encodeURIComponent(text.toWellFormed());
