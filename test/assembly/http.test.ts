import { describe, expect, it } from "vitest";
import * as outputs from "../../src/server/outputs.ts";
import { json, note, open, problemOf } from "../server/fixture.ts";

const post = async (base: Awaited<ReturnType<typeof open>>, path: string, body: unknown): Promise<Response> =>
  base.app.request(path, { ...json("POST", body) });

const opened = async () => {
  const one = await open();
  const { base } = one;
  const [Note] = [...base.components.values()];
  if (!Note) throw new Error("There is no component.");
  await base.store(Note).storeContexts([
    { id: "a", ...note("needle one") },
    { id: "b", ...note("needle two") },
  ]);
  return one;
};

const body = { query: "needle", sources: [{ component: "Note" }], budget: { tokens: 500 } };

describe("over HTTP", () => {
  it("[Q8] a window is assembled, and made again from its receipt", async () => {
    const one = await opened();
    const answer = await post(one, "/v1/assemblies", { ...body, template: "plain", order: "relevance" });
    expect(answer.status).toBe(200);
    const window = outputs.assembly.parse(await answer.json());
    expect(window.items).toHaveLength(2);
    expect(window.text).toMatch(/^\[Note "[ab]", version 1, /);
    const again = await post(one, "/v1/assemblies/rebuild", window.receipt);
    expect(again.status).toBe(200);
    expect(outputs.reassembly.parse(await again.json()).text).toBe(window.text);
    const whole = await post(one, "/v1/assemblies/rebuild", window);
    expect(outputs.reassembly.parse(await whole.json()).text).toBe(window.text);
    const changed = await post(one, "/v1/assemblies/rebuild", { ...window.receipt, tokens: 1 });
    expect(await problemOf(changed)).toMatchObject({ status: 400, code: "invalid_receipt" });
  });

  it("[Q8] what is wrong is told by name", async () => {
    const one = await opened();
    const wrong: readonly (readonly [unknown, number, string])[] = [
      [{ ...body, budget: { tokens: 0 } }, 400, "invalid_argument"],
      [{ ...body, budget: { tokens: 5, count: "x" } }, 400, "invalid_argument"],
      [{ ...body, budget: undefined }, 400, "invalid_argument"],
      [{ ...body, sources: [] }, 400, "invalid_argument"],
      [{ ...body, sources: [{ component: 3 }] }, 400, "invalid_argument"],
      [{ ...body, sources: [{ component: "Nothing" }] }, 404, "unknown_component"],
      [{ ...body, template: "html" }, 400, "invalid_argument"],
      [{ ...body, template: { name: "xml" } }, 400, "invalid_argument"],
      [{ ...body, signal: {} }, 400, "invalid_argument"],
      [{ ...body, querry: "x" }, 400, "invalid_argument"],
      [[], 400, "invalid_argument"],
    ];
    for (const [sent, status, code] of wrong) {
      const answer = await post(one, "/v1/assemblies", sent);
      expect(await problemOf(answer), JSON.stringify(sent)).toMatchObject({ status, code });
    }
    expect(await problemOf(await post(one, "/v1/assemblies/rebuild", []))).toMatchObject({ status: 400 });
    expect(one.errors).toEqual([]);
  });
});
