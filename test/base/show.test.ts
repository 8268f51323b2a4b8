import { expect, it } from "vitest";
import { show } from "../../src/base/show.ts";

const untouchable = new Proxy(
  {},
  {
    get: () => {
      throw new Error("touched");
    },
    getPrototypeOf: () => {
      throw new Error("touched");
    },
  },
);
const revoked = Proxy.revocable([], {});
revoked.revoke();

/** Values, and what a message says of them: by their kind alone where they may hold what it must not show. */
const told: readonly (readonly [unknown, string])[] = [
  [["x"], "an array"],
  [new Float64Array(1), "a typed array"],
  [Promise.resolve(1), "a promise"],
  [{ toString: () => "secret" }, "an object"],
  [null, "null"],
  [undefined, "undefined"],
  [1n, "1n"],
  [Number.NaN, "NaN"],
  ["x".repeat(200), `"${"x".repeat(79)}…`],
  [untouchable, "an object"],
  [revoked.proxy, "an object"],
];

it("a message tells what a value is, whatever it is", () => {
  for (const [value, text] of told) expect(show(value)).toBe(text);
});
