import { describe, expect, it } from "vitest";
import { contextDiff, undone } from "../../src/server/version-outputs.ts";
import { Customer, contextOf, json, Note, note, notes, open, problemOf } from "./fixture.ts";

describe("diff", () => {
  it("[V8] tells the patch between two versions, and the last change where none are named", async () => {
    const { app, base } = await open();
    for (const text of ["one", "two", "three"])
      await base.store(Note).storeContext({ id: "a/b", ...note(text) });
    const told = async (query: string) =>
      contextDiff.parse(await (await app.request(`${notes}/a%2Fb/diff${query}`)).json());
    const patch = [{ op: "replace", path: "/content/text", value: "three" }];
    expect(await told("?from=1&to=3")).toEqual({ patch });
    expect(await told("")).toEqual({ patch });
    expect(await told("?from=3&to=3")).toEqual({ patch: [] });
  });

  it("[V8] tells how far an embedding moved, and what is not there", async () => {
    const { app, base } = await open();
    for (const embeddings of [
      [1, 0, 0],
      [0, 1, 0],
    ])
      await base
        .store(Customer)
        .storeContext({ id: "a", type: "profile", content: { name: "Ada" }, embeddings });
    const path = "/v1/components/Customer/contexts/a/diff";
    const answer = await app.request(path);
    expect(await answer.json()).toEqual({ patch: [], embeddings: { change: "moved", distance: 1 } });
    for (const [query, status, code] of [
      ["?from=1&to=3", 404, "context_not_found"],
      ["?to=1", 400, "invalid_argument"],
      ["?from=0", 400, "invalid_argument"],
      ["?from=1&from=2", 400, "invalid_argument"],
    ] as const) {
      const refused = await app.request(path + query);
      expect([refused.status, (await problemOf(refused)).code]).toEqual([status, code]);
    }
  });
});

describe("revert", () => {
  it("[V10, C2] makes an earlier version current, under conditions, and once under one key", async () => {
    const { app, base } = await open();
    for (const text of ["one", "two"]) await base.store(Note).storeContext({ id: "a", ...note(text) });
    const revert = (body: unknown, headers = {}) =>
      app.request(`${notes}/a/revert`, json("POST", body, headers));
    const stale = await revert({ version: 1 }, { "If-Match": '"1"' });
    expect([stale.status, (await problemOf(stale)).code]).toEqual([412, "precondition_failed"]);
    const done = await revert({ version: 1 }, { "If-Match": '"2"', "Idempotency-Key": "k" });
    expect([done.status, done.headers.get("ETag")]).toEqual([200, '"3"']);
    const reverted = await contextOf(done);
    expect(reverted).toMatchObject({ version: 3, content: { text: "one" } });
    const again = await revert({ version: 1 }, { "If-Match": '"2"', "Idempotency-Key": "k" });
    expect(await contextOf(again)).toEqual(reverted);
    expect(await contextOf(await revert({ version: 2 }))).toMatchObject({ version: 4 });
    for (const [body, status, code] of [
      [{ version: 9 }, 404, "context_not_found"],
      [{}, 400, "invalid_argument"],
      [{ version: "1" }, 400, "invalid_argument"],
      [{ version: 1, to: 2 }, 400, "invalid_argument"],
      [[], 400, "invalid_argument"],
    ] as const) {
      const refused = await revert(body);
      expect([refused.status, (await problemOf(refused)).code]).toEqual([status, code]);
    }
  });
});

describe("undo", () => {
  it("[V10, C2] takes back a write, first as a dry run, and once under one key", async () => {
    const { app, base } = await open();
    const store = base.store(Note);
    await store.storeContext({ id: "a", ...note("one") });
    await store.storeContexts(
      [
        { id: "a", ...note("two") },
        { id: "b", ...note("two") },
      ],
      { write: "w" },
    );
    const undo = async (body: unknown, headers = {}) =>
      undone.parse(await (await app.request("/v1/undo", json("POST", body, headers))).json());
    const planned = await undo({ write: "w", dryRun: true });
    expect(planned).toMatchObject({
      undone: [
        { component: "Note", id: "a", from: 2, to: 1 },
        { component: "Note", id: "b", from: 1, to: 0 },
      ],
      writes: [],
    });
    const done = await undo({ write: "w" }, { "Idempotency-Key": "u" });
    expect(done).toEqual({ ...planned, writes: ["u"] });
    expect(await undo({ write: "w" }, { "Idempotency-Key": "u" })).toEqual(done);
    expect(await store.retrieveContext("b")).toBeUndefined();
    expect(await store.getContext("a")).toMatchObject({ version: 3, content: { text: "one" } });
    const since = "2020-01-01T00:00:00Z";
    const others = await undo({ actor: "anonymous", since, dryRun: true });
    expect(others.skipped.map(({ reason }) => reason)).toEqual(["changed_since", "changed_since"]);
    for (const [body, status, code] of [
      [{ write: "never" }, 404, "not_found"],
      [{}, 400, "invalid_argument"],
      [{ actor: "a" }, 400, "invalid_argument"],
      [{ actor: "a", since: 1 }, 400, "invalid_argument"],
      [{ write: "w", dryRun: "no" }, 400, "invalid_argument"],
      [{ write: 1 }, 400, "invalid_argument"],
      ["x", 400, "invalid_argument"],
    ] as const) {
      const refused = await app.request("/v1/undo", json("POST", JSON.stringify(body)));
      expect([refused.status, (await problemOf(refused)).code]).toEqual([status, code]);
    }
  });
});
