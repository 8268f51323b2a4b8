import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { context, contextPage, count, historyPage, hits } from "../../src/server/outputs.ts";
import { json, note, notes, open, problemOf } from "./fixture.ts";

it("[V7] lists, counts, searches and histories take the time whose state they are asked for", async () => {
  const { app } = await open();
  const put = async (id: string, text: string) => {
    const response = await app.request(`${notes}/${id}`, json("PUT", note(text)));
    return context.parse(await response.json()).updatedAt;
  };
  await put("a", "first words");
  const asOf = await put("b", "other words");
  // Times are milliseconds: what comes next is to have another one.
  await sleep(5);
  await put("a", "second thoughts");
  await app.request(`${notes}/b`, { method: "DELETE" });
  await put("c", "late words");
  const get = async (path: string, parameters: Record<string, string>) =>
    (await app.request(`${path}?${new URLSearchParams({ asOf, ...parameters })}`)).json();
  const first = contextPage.parse(await get(notes, { limit: "1" }));
  const rest = contextPage.parse(await get(notes, { limit: "1", cursor: first.nextCursor ?? "" }));
  expect([...first.contexts, ...rest.contexts].map(({ id, version }) => id + version)).toEqual(["b1", "a1"]);
  const where = JSON.stringify({ "content.text": { $startsWith: "first" } });
  expect(contextPage.parse(await get(notes, { where })).contexts.map(({ id }) => id)).toEqual(["a"]);
  expect(count.parse(await get("/v1/components/Note/count", {}))).toEqual({ count: 2 });
  expect(historyPage.parse(await get(`${notes}/a/versions`, {})).versions).toHaveLength(1);
  const search = async (body: object) =>
    app.request("/v1/components/Note/search", json("POST", { text: "words", ...body }));
  const found = hits.parse(await (await search({ asOf })).json());
  expect(found.hits.map(({ context }) => context.id).sort()).toEqual(["a", "b"]);
  for (const path of [notes, "/v1/components/Note/count", `${notes}/a/versions`]) {
    const refused = await app.request(`${path}?asOf=yesterday`);
    expect([refused.status, (await problemOf(refused)).code]).toEqual([400, "invalid_argument"]);
  }
  expect((await problemOf(await search({ asOf: "yesterday" }))).code).toBe("invalid_argument");
  expect((await app.request(`${notes}/c/versions?${new URLSearchParams({ asOf })}`)).status).toBe(404);
});
