import { expect, it } from "vitest";
import { contextPage, count } from "../../src/server/outputs.ts";
import { json, note, notes, open, problemOf } from "./fixture.ts";

const filled = async () => {
  const { app, base } = await open();
  const { components } = base;
  const Note = components.get("Note");
  if (!Note) throw new Error("There is no Note.");
  await base.store(Note).storeContexts(["a", "b", "c", "é+&"].map((id) => ({ ...note(id), id })));
  /** @param parameters of the query */
  const get = (path: string, parameters: Record<string, string>) =>
    app.request(`${path}?${new URLSearchParams(parameters)}`);
  return { app, get };
};

/** More than fits into a url. */
const many = {
  id: { $in: Array.from({ length: 990 }, (_, index) => `${"x".repeat(100)}${index}`).concat("b") },
};

it("[Q1, Q2] a list and a count take a filter of any length in a body, a page at a time, as by a url", async () => {
  const { app } = await filled();
  const post = (path: string, body: unknown) =>
    app.request(`/v1/components/Note/${path}`, json("POST", body));
  const where = { $or: [many, { "content.text": { $in: ["a", "c"] } }] };
  const asked = { where, orderBy: { "content.text": "desc" }, explain: true, limit: 2 };
  const first = contextPage.parse(await (await post("list", asked)).json());
  expect(first.contexts.map(({ id }) => id)).toEqual(["c", "b"]);
  expect(first.plan?.length).toBeGreaterThan(0);
  const second = contextPage.parse(await (await post("list", { ...asked, cursor: first.nextCursor })).json());
  expect([second.contexts.map(({ id }) => id), second.nextCursor]).toEqual([["a"], undefined]);
  expect(count.parse(await (await post("count", { where })).json())).toEqual({ count: 3 });
  for (const path of ["list", "count"]) {
    const wrong = await problemOf(await post(path, { were: {} }));
    expect([wrong.code, wrong.detail]).toEqual([
      "invalid_argument",
      expect.stringMatching(/^(list|count) has no option "were"\. It takes: type, where, asOf[^.]*\.$/),
    ]);
    expect(wrong.detail).not.toContain("signal");
    expect((await post(path, [])).status).toBe(400);
    expect((await post(path, { where: { text: 1 } })).status).toBe(400);
  }
});

it("[Q1] a search and a window offer what HTTP takes, and no more, where a name is none", async () => {
  const { app } = await filled();
  const search = await app.request("/v1/components/Note/search", json("POST", { text: "a", signal: {} }));
  expect((await problemOf(search)).detail).toMatch(/has no option "signal"\. It takes: text, (?!.*signal)/);
  const window = { query: "a", sources: [{ component: "Note" }], budget: { tokens: 9 }, querry: "a" };
  const assembly = await app.request("/v1/assemblies", json("POST", window));
  expect((await problemOf(assembly)).detail).toMatch(
    /has no option "querry"\. It takes: query, (?!.*signal)/,
  );
});

const counted = "/v1/components/Note/count";

it("[Q1, Q2] a list takes a filter and an order, a page at a time, and tells its plan", async () => {
  const { get } = await filled();
  const asked = {
    where: JSON.stringify({ "content.text": { $in: ["a", "b", "é+&"] } }),
    orderBy: "content.text:desc",
    explain: "true",
    limit: "2",
  };
  const first = contextPage.parse(await (await get(notes, asked)).json());
  expect(first.contexts.map(({ id }) => id)).toEqual(["é+&", "b"]);
  expect(first.plan).toEqual([
    { part: "filter", path: "content.text", way: "every context is read" },
    { part: "order", path: "content.text", way: "sorted" },
  ]);
  const next = { ...asked, explain: "false", cursor: first.nextCursor ?? "" };
  const second = contextPage.parse(await (await get(notes, next)).json());
  expect([second.contexts.map(({ id }) => id), second.plan, second.nextCursor]).toEqual([
    ["a"],
    undefined,
    undefined,
  ]);
  const ascending = contextPage.parse(await (await get(notes, { orderBy: "id" })).json());
  expect(ascending.contexts.map(({ id }) => id)).toEqual(["a", "b", "c", "é+&"]);
});

it("[Q2] a count is of all, or of those that fit", async () => {
  const { get } = await filled();
  expect(count.parse(await (await get(counted, {})).json())).toEqual({ count: 4 });
  const where = JSON.stringify({ $not: { "content.text": "a" } });
  expect(count.parse(await (await get(counted, { where })).json())).toEqual({ count: 3 });
  expect(count.parse(await (await get(counted, { type: "other" })).json())).toEqual({ count: 0 });
});

it.for([
  [{ where: "{" }, "invalid_json", /where is no JSON/],
  [{ where: '{"__proto__":1}' }, "invalid_json", /__proto__/],
  [{ where: "[]" }, "invalid_argument", /where must be a JSON object/],
  [{ where: '{"content.text":{"$startWith":"a"}}' }, "invalid_argument", /Is it \$startsWith\?/],
  [{ where: '{"text":"a"}' }, "invalid_argument", /"text" begins with none of those/],
  [{ where: "{}", orderBy: "text:desc" }, "invalid_argument", /"text"/],
  [{ orderBy: "content.text:up" }, "invalid_argument", /ends in neither :asc nor :desc/],
  [{ explain: "yes" }, "invalid_argument", /must be true or false/],
  [{ order: "id" }, "invalid_argument", /no query parameter "order"/],
  [{ where: `${'{"$not":'.repeat(400)}{}${"}".repeat(400)}` }, "invalid_argument", /deeper than 32/],
] as const)("[Q1] %j is refused with its mend", async ([parameters, code, message]) => {
  const { get } = await filled();
  const answer = await get(notes, parameters);
  expect(answer.status).toBe(400);
  const problem = await problemOf(answer);
  expect([problem.code, problem.detail]).toEqual([code, expect.stringMatching(message)]);
});

it("[Q2] a cursor of another filter is refused", async () => {
  const { get } = await filled();
  const first = contextPage.parse(await (await get(notes, { where: "{}", limit: "1" })).json());
  const answer = await get(notes, { where: '{"type":"note"}', cursor: first.nextCursor ?? "" });
  expect((await problemOf(answer)).code).toBe("invalid_cursor");
});
