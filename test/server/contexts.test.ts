import { describe, expect, it } from "vitest";
import {
  Customer,
  contextOf,
  contextsOf,
  historyOf,
  json,
  Note,
  note,
  notes,
  open,
  problemOf,
} from "./fixture.ts";

describe("contexts", () => {
  it("[V1, V3] one stored with version 1, given version 2 and stored again, reads back as version 2", async () => {
    const { app } = await open();
    const empty = { id: "test_id", type: "any", content: {}, embeddings: [], metadata: {}, version: 1 };
    const first = await app.request(`${notes}/test_id`, json("PUT", empty));
    expect(first.status).toBe(201);
    const read = await contextOf(await app.request(`${notes}/test_id`));
    expect(read).toMatchObject(empty);
    const second = await app.request(`${notes}/test_id`, json("PUT", { ...read, version: 2 }));
    expect(second.status).toBe(200);
    expect(await (await app.request(`${notes}/test_id`)).json()).toMatchObject({ ...empty, version: 2 });
    const third = await app.request(`${notes}/test_id`, json("PUT", { ...read, version: 2 }));
    expect(third.status).toBe(409);
    expect(await third.json()).toMatchObject({
      code: "version_conflict",
      details: { id: "test_id", attempted: 2, current: 2 },
    });
  });

  it("go over the wire as JSON: embeddings an array, times ISO 8601", async () => {
    const { app, base } = await open();
    const body = {
      type: "profile",
      content: { name: "Ada" },
      embeddings: [0.5, -1, 0.25],
      metadata: { source: "x" },
    };
    const answer = await app.request("/v1/components/Customer/contexts/a", json("PUT", body));
    const stored = await contextOf(answer);
    expect(stored).toMatchObject({ id: "a", ...body, version: 1 });
    expect(new Date(stored.createdAt).toISOString()).toBe(stored.createdAt);
    const context = await base.store(Customer).getContext("a");
    expect(context.embeddings).toEqual(new Float32Array([0.5, -1, 0.25]));
    expect(context.createdAt.toISOString()).toBe(stored.createdAt);
  });

  it("created by POST get an id and a Location that leads to them", async () => {
    const { app } = await open();
    const made = await app.request(notes, json("POST", note("made")));
    expect(made.status).toBe(201);
    const { id } = await contextOf(made);
    expect(made.headers.get("Location")).toBe(`${notes}/${id}`);
    const named = await app.request(notes, json("POST", { id: "a/b %ü", ...note("named") }));
    const read = await app.request(named.headers.get("Location") ?? "");
    expect((await contextOf(read)).content).toEqual({ text: "named" });
  });

  it("created by POST never replace one that exists, but follow a deleted one", async () => {
    const { app } = await open();
    await app.request(notes, json("POST", { id: "a", ...note("first") }));
    const again = await app.request(notes, json("POST", { id: "a", ...note("second") }));
    expect(again.status).toBe(409);
    expect((await problemOf(again)).code).toBe("version_conflict");
    await app.request(`${notes}/a`, { method: "DELETE" });
    const anew = await app.request(notes, json("POST", { id: "a", ...note("third") }));
    expect(anew.status).toBe(201);
    expect(anew.headers.get("ETag")).toBe('"3"');
  });

  it("[V5] deleted read as absent, stay in the history, and are created anew with the next version", async () => {
    const { app } = await open();
    await app.request(`${notes}/a`, json("PUT", note("one")));
    expect((await app.request(`${notes}/a`, { method: "DELETE" })).status).toBe(204);
    expect((await app.request(`${notes}/a`)).status).toBe(404);
    expect((await app.request(`${notes}/a`, { method: "DELETE" })).status).toBe(404);
    const anew = await app.request(`${notes}/a`, json("PUT", note("three")));
    expect([anew.status, anew.headers.get("ETag")]).toEqual([201, '"3"']);
    const next = await app.request(`${notes}/a`, json("PUT", note("four")));
    expect([next.status, next.headers.get("ETag")]).toEqual([200, '"4"']);
    const { versions } = await historyOf(await app.request(`${notes}/a/versions`));
    expect(versions.map((one) => one.operation)).toEqual(["store", "store", "delete", "store"]);
    expect(versions[0]).toMatchObject({ version: 4, actor: "http" });
  });

  it("[V6, V7] of any version and time can be read", async () => {
    const { app } = await open();
    await app.request(`${notes}/a`, json("PUT", note("one")));
    const second = await contextOf(await app.request(`${notes}/a`, json("PUT", note("two"))));
    await app.request(`${notes}/a`, json("PUT", note("three")));
    const texts = [];
    for (const query of ["", "?version=1", "/versions/2", `?asOf=${second.updatedAt}`]) {
      texts.push((await contextOf(await app.request(`${notes}/a${query}`))).content);
    }
    expect(texts).toEqual(["three", "one", "two", "two"].map((text) => ({ text })));
    expect((await app.request(`${notes}/a?version=4`)).status).toBe(404);
    expect((await app.request(`${notes}/a/versions/4`)).status).toBe(404);
    expect((await app.request(`${notes}/a?asOf=1999-01-01T00:00:00Z`)).status).toBe(404);
    expect((await app.request(`${notes}/a?asOf=1999-01-01T00:00:00Z&version=1`)).status).toBe(400);
  });

  it("[V6] the history is paged, and absent where the id was never used", async () => {
    const { app } = await open();
    for (let at = 1; at <= 3; at++) await app.request(`${notes}/a`, json("PUT", note(`${at}`)));
    const first = await historyOf(await app.request(`${notes}/a/versions?limit=2`));
    expect(first.versions.map((one) => one.version)).toEqual([3, 2]);
    const rest = await historyOf(await app.request(`${notes}/a/versions?cursor=${first.nextCursor}`));
    expect(rest.versions.map((one) => one.version)).toEqual([1]);
    expect(rest.nextCursor).toBeUndefined();
    expect((await app.request(`${notes}/b/versions`)).status).toBe(404);
  });

  it("[Q2] are listed newest first, by type, in pages", async () => {
    const { app, base } = await open();
    const store = base.store(Note);
    await store.storeContexts(
      Array.from({ length: 5 }, (_, at) => ({ id: `${at}`, type: at % 2 ? "odd" : "even", content: {} })),
    );
    const first = await contextsOf(await app.request(`${notes}?limit=3`));
    const rest = await contextsOf(await app.request(`${notes}?limit=3&cursor=${first.nextCursor}`));
    const ids = [...first.contexts, ...rest.contexts].map((one) => one.id);
    expect(ids).toEqual(["4", "3", "2", "1", "0"]);
    const odd = await contextsOf(await app.request(`${notes}?type=odd`));
    expect(odd.contexts.map((one) => one.id)).toEqual(["3", "1"]);
    expect((await app.request(`${notes}?cursor=none`)).status).toBe(400);
  });

  it("[S1, V4] of a batch are stored all or not at all", async () => {
    const { app } = await open();
    const path = "/v1/components/Note/batch";
    const both = [
      { id: "a", ...note("a") },
      { id: "b", ...note("b") },
    ];
    const { contexts } = await contextsOf(await app.request(path, json("POST", both)));
    expect(contexts.map((one) => one.version)).toEqual([1, 1]);
    const stale = await app.request(
      path,
      json("POST", [
        { id: "c", ...note("c") },
        { ...both[0], version: 1 },
      ]),
    );
    expect(stale.status).toBe(409);
    const wrong = await app.request(path, json("POST", [{ id: "c", ...note("c") }, { id: "d" }]));
    expect(wrong.status).toBe(422);
    expect((await problemOf(wrong)).details.index).toBe(1);
    expect((await app.request(`${notes}/c`)).status).toBe(404);
    expect(await (await app.request(path, json("POST", []))).json()).toEqual({ contexts: [] });
  });
});
