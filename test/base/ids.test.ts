import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/ids.ts";

describe("newId", () => {
  it("makes UUIDs of version 7, each another one, ordered by their time", async () => {
    const before = Date.now();
    const ids = Array.from({ length: 10_000 }, newId);
    const after = Date.now();
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const time = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
      expect(time >= before && time <= after).toBe(true);
    }
  });
});
