import { describe, expect, it } from "vitest";
import { defineComponent } from "../../src/index.ts";

const define = (schemaVersion: number, upgrades: unknown) =>
  defineComponent({ name: "Thing", schemaVersion, upgrades: upgrades as never });

const step = ({ content }: { readonly content: object }) => ({ content: { ...content } });

describe("upgrades", () => {
  it("[E2] are checked to have no gap up to the schema version", () => {
    const message = (schemaVersion: number, upgrades: unknown): string => {
      try {
        define(schemaVersion, upgrades);
        return "taken";
      } catch (cause) {
        expect(cause).toMatchObject({ code: "invalid_component" });
        return String(cause);
      }
    };
    expect(message(4, { 2: step, 4: step })).toMatch(/has none to 3, so that content of 2 .* to 4.*3: \{\}/);
    expect(message(4, { 2: step, 3: {} })).toMatch(/has none to 4/);
    expect(message(2, { 3: step })).toMatch(/"3", which is no schema version to upgrade to \(2 to 2\)/);
    for (const key of ["1", "0", "-1", "02", "two"]) expect(message(3, { [key]: step })).toMatch(/names/);
    expect(message(1, { 2: step })).toMatch(/schemaVersion is 1/);
    expect(message(2, { 2: 7 })).toMatch(/Thing\.upgrades\.2 must be a function, or an object/);
    expect(message(2, { 2: { item: 7 } })).toMatch(/Thing\.upgrades\.2\.item must be a function/);
    expect(message(2, [])).toMatch(/must be an object/);
    for (const upgrades of [{ 4: step }, { 3: {}, 4: {} }, { 2: step, 3: { item: step }, 4: {} }, {}])
      expect(message(4, upgrades)).toBe("taken");
  });

  it("[E2] are told as data: which versions and types have one", () => {
    const Thing = define(3, { 2: { item: step, "old type": step }, 3: step });
    expect(Thing.describe().upgrades).toEqual({ 2: ["item", "old type"], 3: "all" });
    expect(defineComponent({ name: "Plain", schemaVersion: 3 }).describe()).not.toHaveProperty("upgrades");
  });
});
