import type { Hono } from "hono";
import { describe, expect, it } from "vitest";
import * as outputs from "../../src/server/outputs.ts";
import { contextOf, json, notes, open, problemOf } from "./fixture.ts";

const a = `${notes}/a`;
type Content = Readonly<Record<string, unknown>>;

const put = (app: Hono, content: Content, version?: number, query = "", headers = {}): Promise<Response> =>
  Promise.resolve(
    app.request(
      a + query,
      json("PUT", { type: "note", content, ...(version !== undefined && { version }) }, headers),
    ),
  );

const merge = async (app: Hono, body: unknown, id = "a"): Promise<Response> =>
  app.request(`${notes}/${id}/merge`, json("POST", body));

const mergedOf = async (answer: Response) => outputs.mergedContext.parse(await answer.json());

const openTwo = async (): Promise<Hono> => {
  const { app } = await open();
  await put(app, { title: "one", text: "x" });
  await put(app, { title: "two", text: "x" });
  return app;
};

describe("PUT with onConflict", () => {
  it("[V9] merges a version that came too late, and tells where it cannot", async () => {
    const app = await openTwo();
    const plain = await put(app, { title: "one", text: "y" }, 2);
    expect([plain.status, (await problemOf(plain)).code]).toEqual([409, "version_conflict"]);
    const merged = await put(app, { title: "one", text: "y" }, 2, "?onConflict=merge");
    expect([merged.status, merged.headers.get("ETag")]).toEqual([200, '"3"']);
    expect((await contextOf(merged)).content).toEqual({ title: "two", text: "y" });
    const left = await put(app, { title: "three", text: "z" }, 2, "?onConflict=merge");
    const problem = await problemOf(left);
    expect([left.status, problem.code, problem.details]).toEqual([
      409,
      "merge_conflict",
      { id: "a", attempted: 2, current: 3, paths: ["content.title", "content.text"] },
    ]);
    expect(JSON.stringify(problem)).not.toContain("three");
    const { versions } = outputs.historyPage.parse(await (await app.request(`${a}/versions?limit=1`)).json());
    expect(versions).toMatchObject([{ version: 3, parents: [2, 1] }]);
  });

  it("[V9] takes no condition beside it, and nothing but fail and merge", async () => {
    const app = await openTwo();
    const both = await put(app, { title: "x" }, 2, "?onConflict=merge", { "If-Match": '"2"' });
    expect([both.status, (await problemOf(both)).code]).toEqual([400, "invalid_argument"]);
    const other = await put(app, { title: "x" }, 2, "?onConflict=win");
    expect([other.status, (await problemOf(other)).detail]).toEqual([
      400,
      expect.stringContaining("fail or merge"),
    ]);
    expect((await put(app, { title: "x" }, 2, "?onConflict=fail")).status).toBe(409);
  });
});

describe("POST merge", () => {
  it("[V9] stores what merges; else tells each conflict with what stands, and stores nothing", async () => {
    const app = await openTwo();
    const yours = (content: Content) => ({ type: "note", content });
    const stored = await merge(app, { base: 1, yours: yours({ title: "one", text: "y" }) });
    expect([stored.status, await mergedOf(stored)]).toMatchObject([
      200,
      { context: { version: 3, content: { title: "two", text: "y" } }, conflicts: [] },
    ]);
    const left = await mergedOf(await merge(app, { base: 1, yours: yours({ title: "three" }) }));
    expect(left.context).toMatchObject({ version: 3 });
    expect(left.conflicts).toEqual([
      { path: "content.title", base: "one", yours: "three", theirs: "two" },
      { path: "content.text", base: "x", theirs: "y" },
    ]);
    expect((await contextOf(await app.request(a))).version).toBe(3);
  });

  it("[V9, H2] says what is wrong with what it was given", async () => {
    const app = await openTwo();
    const yours = { type: "note", content: {} };
    const refused = async (body: unknown, id?: string) => {
      const answer = await merge(app, body, id);
      return [answer.status, (await problemOf(answer)).code];
    };
    expect(await refused({ yours })).toEqual([400, "invalid_argument"]);
    expect(await refused([])).toEqual([400, "invalid_argument"]);
    expect(await refused({ base: 1, yours, theirs: yours })).toEqual([400, "invalid_argument"]);
    expect(await refused({ base: 1, yours: { type: 1, content: {} } })).toEqual([422, "invalid_context"]);
    expect(await refused({ base: 7, yours })).toEqual([409, "version_conflict"]);
    await app.request(a, { method: "DELETE" });
    expect(await refused({ base: 1, yours })).toEqual([404, "context_not_found"]);
  });
});
