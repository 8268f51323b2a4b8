import { describe, expect, it } from "vitest";
import type { Engine, StoredContext } from "../../src/engine/engine.ts";
import { postgres } from "../../src/engine/postgres/index.ts";
import { sqlite } from "../../src/engine/sqlite/index.ts";
import { openContextbase } from "../../src/index.ts";
import { Anything } from "../contract/components.ts";
import { manualClock } from "../contract/engines.ts";
import { hasServer, newSchema, skipped, urlOf } from "../faults/postgres-schema.ts";

const nested = (depth: number): object => (depth === 0 ? {} : { a: nested(depth - 1) });
const ownProperty = (name: string): object => JSON.parse(`{"${name}": 1}`);

/** What databases, drivers and JSON itself take for something else. */
const contents: readonly object[] = [
  {},
  {
    numbers: [
      -0,
      0,
      0.1,
      0.1 + 0.2,
      1e21,
      1e-7,
      5e-324,
      1.7976931348623157e308,
      2 ** 53,
      2 ** 53 + 2,
      -(2 ** 53),
    ],
  },
  { refused: Number.POSITIVE_INFINITY },
  { refused: Number.NaN },
  { refused: "a\u0000b" },
  { "refused\u0000": 1 },
  { refused: "\ud800" },
  { refused: ["\udc00"] },
  ownProperty("__proto__"),
  ownProperty("constructor"),
  ownProperty("toString"),
  ownProperty("\u2028"),
  { "": "", " ": " ", "2": 1, "1": 2, b: 1, a: 2 },
  { text: "\u0001\u001f\u007f\u0080\ufeff\ufffe\uffff\u2028\\u0000 \\x00 \\ ' \" `" },
  { text: "{1,2} (a,b) NULL \\N \t\r\n $1 ?1 :a %s" },
  { emoji: "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 é Å Å ﬁ", rtl: "\u202e\u0645" },
  { empty: [[], {}, null, false, "", 0] },
  nested(99),
  nested(100),
  { large: "x".repeat(8 * 1024 * 1024 - 20) },
  { large: "ü".repeat(4 * 1024 * 1024 - 20) },
  { large: "\u0001".repeat(1024 * 1024) },
  { large: "x".repeat(8 * 1024 * 1024) },
];

const ids = [
  "%",
  "_",
  "\\",
  "\\%",
  "''",
  "'; DROP TABLE contexts; --",
  "a/b",
  "🦉",
  "e\u0301",
  "é",
  "A",
  "a",
  " a",
  "a ",
  "\t",
  "__proto__",
  "NULL",
  "{}",
  "{a,b}",
  "\u007f",
  "\uffff",
  "x".repeat(512),
  "ü".repeat(256),
  "ü".repeat(257),
  ".",
  "..",
  "...",
];

const embeddings: readonly (readonly number[])[] = [
  [1, 0.1, -0, 1e-45],
  [3.4028234663852886e38, -1, 2 ** -149, 1],
  [3.5e38, 0, 0, 0],
  [1e-46, 0, 0, 0],
  [Number.NaN, 1, 1, 1],
  [0, 0, 0, 0],
  [1, 2, 3],
];

type Answer = StoredContext | string | undefined;

/** What an engine keeps of each, to the last byte; or the code by which it was refused. */
const keptBy = async (engine: Engine): Promise<Answer[]> => {
  await using base = await openContextbase({
    engine,
    components: [Anything],
    clock: manualClock(),
    cacheBytes: 0,
  });
  const store = base.store(Anything);
  const inputs = [
    ...contents.map((content, n) => ({ id: `content ${n}`, type: "t", content })),
    ...contents.map((metadata, n) => ({ id: `metadata ${n}`, type: "t", content: {}, metadata })),
    ...ids.map((id) => ({ id, type: "t", content: { id } })),
    ...ids.map((type, n) => ({ id: `type ${n}`, type, content: {} })),
    ...embeddings.map((one, n) => ({
      id: `embeddings ${n}`,
      type: "t",
      content: {},
      embeddings: Float32Array.from(one),
    })),
  ];
  const key = { tenant: "default", component: Anything.name };
  const answers: Answer[] = [];
  for (const input of inputs) {
    const stored = await store.storeContext(input as never).catch((cause) => String(cause.code));
    if (typeof stored === "string") answers.push(stored);
    else {
      // Twice, so that what stood is a version, too, which is kept in another place.
      await store.storeContext({ ...input, content: {}, metadata: {} } as never);
      answers.push(
        await engine.readVersion({ ...key, id: stored.id }, 1),
        ...(await engine.read(key, [stored.id])),
      );
    }
  }
  const listed = await store.listContexts({ limit: 1_000 });
  answers.push(...listed.contexts.map(({ id }) => id));
  return answers;
};

describe.runIf(hasServer)(`both engines${skipped}`, () => {
  it("[S2] keep the same bytes of what they are given, and refuse the same", {
    timeout: 120_000,
  }, async () => {
    const onServer = await keptBy(postgres({ url: urlOf("app"), schema: await newSchema() }));
    const embedded = await keptBy(sqlite({ path: ":memory:", key: undefined }));
    expect(onServer.length).toBe(embedded.length);
    const plain = (answer: Answer) =>
      typeof answer === "object"
        ? { ...answer, embeddings: answer.embeddings && Buffer.from(answer.embeddings).toString("hex") }
        : answer;
    for (const [index, answer] of embedded.entries()) expect(plain(onServer[index])).toEqual(plain(answer));
    expect(embedded.filter((answer) => typeof answer === "object").length).toBeGreaterThan(100);
    expect(new Set(embedded.filter((answer) => typeof answer === "string"))).toContain("invalid_context");
  });
});
