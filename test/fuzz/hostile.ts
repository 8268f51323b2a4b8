import fc from "fast-check";

/**
 * Makes a value when it is called. fast-check looks into every value that it is given, and some of these do not
 * bear that.
 */
export type Make<Value = unknown> = () => Value;

/** @param label what a counterexample prints */
const named = <Value>(make: Make<Value>, label: string): Make<Value> =>
  Object.assign(make, { [fc.toStringMethod]: () => label });

const shown = (value: unknown): string => fc.stringify(value).slice(0, 500);

export const sound = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Make<Value>> =>
  arbitrary.map((value) => named(() => value, shown(value)));

export const oneOf = (...values: readonly unknown[]): fc.Arbitrary<Make> => sound(fc.constantFrom(...values));

const madeBy = (...makers: readonly Make[]): fc.Arbitrary<Make> =>
  fc.constantFrom(...makers).map((make) => named(() => make(), String(make)));

/** An object of what these make; a field whose maker is left out is left out. */
export const recordOf = (
  fields: { readonly [field: string]: fc.Arbitrary<Make> },
  requiredKeys: readonly string[] = [],
): fc.Arbitrary<Make<Record<string, unknown>>> =>
  fc.record(fields, { requiredKeys: [...requiredKeys] }).map((makers) => {
    const entries = Object.entries(makers);
    const label = entries.map(([field, make]) => `${field}: ${fc.stringify(make)}`).join(", ");
    return named(() => Object.fromEntries(entries.map(([field, make]) => [field, make()])), `{ ${label} }`);
  });

/** Values that JSON does not have, or that a store has no use for. */
export const oddValue: fc.Arbitrary<Make> = fc.oneof(
  oneOf(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    5e-324,
    2 ** 53,
    1e308,
    10n,
    undefined,
    Symbol("symbol"),
    () => 1,
    "\0",
    "with \0 inside",
    "\ud800",
    "\udc00 alone",
    "__proto__",
    "constructor",
    "toString",
    "\uFEFF",
    "\u2028",
    "𝒳 ok",
    "%_\\'\"/",
    "",
    "x".repeat(70_000),
  ),
  madeBy(
    () => new Date(0),
    () => new Date(Number.NaN),
    () => new Map([["a", 1]]),
    () => new Set([1]),
    () => /x/,
    () => new Error("an error"),
    () => new Uint8Array(3),
    () => new Float32Array([1, 2]),
    () => new ArrayBuffer(2),
    () => Object(1),
    () => Object("boxed"),
    () => Promise.resolve(1),
    () =>
      new (class Point {
        x = 1;
      })(),
    () => Object.create({ inherited: 1 }),
    () => Object.create({ constructor: { name: Symbol("name") } }),
    () => Object.assign(Object.create(null), { plain: true }),
    () => Object.create(null),
    () => JSON.parse('{"__proto__": {"polluted": true}}'),
    () => JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
    () => ({ toJSON: () => "not this" }),
    () => ({ toString: null, valueOf: null }),
    () => ({ [Symbol("key")]: 1, kept: 1 }),
    () => ({ "\0": 1 }),
    () => ({ "\ud800": 1 }),
    () => ({ "": { "": [] } }),
    () => ({ gone: undefined, kept: null }),
    () => Object.defineProperty({ kept: 1 }, "hidden", { value: 1, enumerable: false }),
    () => ({
      get computed() {
        return 3;
      },
    }),
    () => new Proxy({ a: 1 }, {}),
    () => new Proxy([1, 2], {}),
    () => {
      const circle: Record<string, unknown> = { n: 1 };
      circle.self = circle;
      return circle;
    },
    () => {
      const circle: unknown[] = [1];
      circle.push(circle);
      return circle;
    },
    () => [0, 1, 2].filter((n) => n !== 1).concat(new Array(2)),
    () => {
      const sparse: unknown[] = [];
      sparse[4_000_000_000] = 1;
      return sparse;
    },
    () => Object.assign([1, 2], { extra: 3 }),
    () => nested(60),
    () => nested(200),
    () => nested(20_000),
    () => Array.from({ length: 20_000 }, (_, n) => n),
    () => Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`key ${n}`, n])),
    () => ({ ["k".repeat(50_000)]: 1 }),
    () => ({ ["k".repeat(50_000)]: Number.NaN }),
  ),
  sound(
    fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      stringUnit: "binary",
      maxDepth: 3,
    }),
  ),
);

/** Values that throw when they are looked at. */
const trap: fc.Arbitrary<Make> = madeBy(
  () => ({
    get computed(): never {
      throw new Error("thrown by a getter");
    },
  }),
  () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("thrown by a proxy");
        },
      },
    ),
  () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
);

export const hostileValue: fc.Arbitrary<Make> = fc.oneof(
  { weight: 12, arbitrary: oddValue },
  { weight: 1, arbitrary: trap },
);

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { in: value };
  return value;
};

/** A few megabytes, and rarely. */
export const largeText: fc.Arbitrary<Make> = madeBy(
  () => "x".repeat(2_000_000),
  () => "é\u{1F600}".repeat(300_000),
  () => "x".repeat(9_000_000),
  () => "\u0001".repeat(1_500_000),
);

/** An object of JSON into which something hostile may have come, at the top or further down. */
export const almostJson: fc.Arbitrary<Make<Record<string, unknown>>> = fc
  .record({
    json: fc.dictionary(fc.string({ unit: "grapheme", maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), {
      maxKeys: 5,
    }),
    hostile: fc.oneof(
      { weight: 100, arbitrary: fc.constant(undefined) },
      { weight: 200, arbitrary: hostileValue },
      { weight: 1, arbitrary: largeText },
    ),
    under: fc.constantFrom("", "a", "deep"),
  })
  .map(({ json, hostile, under }) => {
    if (hostile === undefined) return named(() => json, shown(json));
    const make = (): Record<string, unknown> =>
      under === "deep" ? { ...json, deep: { er: [0, { and: hostile() }] } } : { ...json, [under]: hostile() };
    return named(make, `${shown(json)} and ${JSON.stringify(under)}: ${fc.stringify(hostile)}`);
  });

/** Anything that may be given where an object is wanted. */
export const almostObject: fc.Arbitrary<Make> = fc.oneof(
  { weight: 20, arbitrary: almostJson },
  { weight: 1, arbitrary: hostileValue },
);

export const hostileName: fc.Arbitrary<Make> = fc.oneof(
  {
    weight: 12,
    arbitrary: oneOf("a", "b", "c", "__proto__", "constructor", "a/b", "%2e", "…", "é".repeat(256)),
  },
  { weight: 4, arbitrary: sound(fc.string({ unit: "binary", maxLength: 20 })) },
  {
    weight: 2,
    arbitrary: oneOf(".", "..", "", "a\0", "\ud800", "x".repeat(513), "é".repeat(257), null, 5, ["a"]),
  },
  { weight: 1, arbitrary: hostileValue },
);

export const hostileVersion: fc.Arbitrary<Make> = fc.oneof(
  { weight: 12, arbitrary: oneOf(undefined) },
  { weight: 3, arbitrary: sound(fc.nat(4)) },
  { weight: 1, arbitrary: oneOf(-1, 1.5, "1", 1n, null, 2 ** 53, [1], "9".repeat(100_000)) },
  { weight: 1, arbitrary: hostileValue },
);

/** For a component of four dimensions. */
export const hostileEmbeddings: fc.Arbitrary<Make> = fc.oneof(
  { weight: 8, arbitrary: oneOf(undefined, []) },
  { weight: 6, arbitrary: sound(fc.array(fc.float({ noNaN: true }), { minLength: 4, maxLength: 4 })) },
  { weight: 1, arbitrary: sound(fc.array(fc.double(), { minLength: 4, maxLength: 4 })) },
  {
    weight: 1,
    arbitrary: fc
      .array(hostileValue, { minLength: 4, maxLength: 4 })
      .map((makers) =>
        named(() => makers.map((make) => make()), `[${makers.map((make) => fc.stringify(make)).join(", ")}]`),
      ),
  },
  {
    weight: 2,
    arbitrary: madeBy(
      () => new Float32Array([1, 2, 3, 4]),
      () => new Float32Array([0, 0, -0, 0]),
      () => new Float32Array([1, Number.NaN, 1, 1]),
      () => new Float64Array([1, 2, 3, 4]),
      () => new Float32Array(new ArrayBuffer(40), 8, 4).fill(0.5),
      () => [1e-46, 0, 0, 0],
      () => [1e39, 0, 0, 0],
      () => [1].concat(new Array(3)),
      () => ({ length: 4, 0: 1, 1: 1, 2: 1, 3: 1 }),
      () => Array.from({ length: 4_001 }, () => 1),
    ),
  },
  { weight: 1, arbitrary: hostileValue },
);
