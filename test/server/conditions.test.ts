import type { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { guardWrite } from "../../src/server/guard-write.ts";
import { contextOf, json, Note, note, notes, open, problemOf } from "./fixture.ts";

const a = `${notes}/a`;

const put = (app: Hono, text: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(app.request(a, json("PUT", note(text), headers)));

const textOf = async (app: Hono): Promise<unknown> => (await contextOf(await app.request(a))).content;

const statuses = (answers: readonly Response[]): number[] => answers.map(({ status }) => status).sort();

describe("GET", () => {
  it("[H1] answers If-None-Match with 304, compared weakly", async () => {
    const { app } = await open();
    await put(app, "one");
    await put(app, "two");
    const get = (tag: string, path = a) => app.request(path, { headers: { "If-None-Match": tag } });
    for (const tag of ['"2"', 'W/"2"', '"1", "2"', '"1",,W/"2" ,', "*"]) {
      const answer = await get(tag);
      expect([tag, answer.status, answer.headers.get("ETag"), await answer.text()]).toEqual([
        tag,
        304,
        '"2"',
        "",
      ]);
    }
    for (const tag of ['"1"', '"02"', '"2 "', '"x"', '""'])
      expect((await get(tag)).status, tag).not.toBe(304);
    expect((await get('"1"', `${a}/versions/1`)).status).toBe(304);
    expect((await get('"1"', `${a}?version=1`)).status).toBe(304);
    expect((await get("*", `${notes}/b`)).status).toBe(404);
  });

  it("[H1] answers If-Match with 412 where it does not hold", async () => {
    const { app } = await open();
    await put(app, "one");
    expect((await app.request(a, { headers: { "If-Match": '"1"' } })).status).toBe(200);
    expect((await app.request(a, { headers: { "If-Match": '"2"' } })).status).toBe(412);
  });
});

describe("PUT", () => {
  it("[H1] If-Match makes it the version after the one named, or refuses", async () => {
    const { app } = await open();
    await put(app, "one");
    const second = await put(app, "two", { "If-Match": '"1"' });
    expect([second.status, second.headers.get("ETag")]).toEqual([200, '"2"']);
    const stale = await put(app, "three", { "If-Match": '"1"' });
    expect(stale.status).toBe(412);
    expect(await stale.json()).toMatchObject({
      code: "precondition_failed",
      details: { header: "If-Match", current: 2 },
    });
    expect(await textOf(app)).toEqual({ text: "two" });
  });

  it("[H1] a weak tag never matches in If-Match; any of a list, and * do", async () => {
    const { app } = await open();
    expect((await put(app, "none", { "If-Match": "*" })).status).toBe(412);
    expect((await put(app, "none", { "If-Match": '"0"' })).status).toBe(412);
    await put(app, "one");
    expect((await put(app, "weak", { "If-Match": 'W/"1"' })).status).toBe(412);
    expect((await put(app, "weak", { "If-Match": '"7", W/"1"' })).status).toBe(412);
    expect((await put(app, "two", { "If-Match": '"7", W/"1" ,"1"' })).status).toBe(200);
    expect((await put(app, "three", { "If-Match": "*" })).status).toBe(200);
    expect(await textOf(app)).toEqual({ text: "three" });
  });

  it("[H1] If-None-Match: * creates, also what was deleted, and replaces nothing", async () => {
    const { app } = await open();
    const ifNone = { "If-None-Match": "*" };
    expect((await put(app, "one", ifNone)).status).toBe(201);
    expect((await put(app, "two", ifNone)).status).toBe(412);
    await app.request(a, { method: "DELETE" });
    const anew = await put(app, "three", ifNone);
    expect([anew.status, anew.headers.get("ETag")]).toEqual([201, '"3"']);
    expect((await put(app, "four", { "If-None-Match": '"3"' })).status).toBe(412);
    expect((await put(app, "four", { "If-None-Match": '"2"' })).status).toBe(200);
    expect(await textOf(app)).toEqual({ text: "four" });
  });

  it("[H1, V3] a version in the body keeps its own conflict, beside a condition that holds", async () => {
    const { app } = await open();
    await put(app, "one");
    const putVersion = (version: number, headers: Record<string, string>) =>
      app.request(a, json("PUT", { ...note("two"), version }, headers));
    const stale = await putVersion(1, { "If-Match": '"1"' });
    expect([stale.status, (await problemOf(stale)).code]).toEqual([409, "version_conflict"]);
    expect((await putVersion(2, { "If-Match": '"1"' })).status).toBe(200);
    expect((await putVersion(2, {})).status).toBe(409);
  });

  it("tags that are none are refused, and so are conditions where nothing has a tag", async () => {
    const { app } = await open();
    for (const tag of ["3", '"3', 'w/"3"', '* , "3"', '"3" "4"', "", ","]) {
      const answer = await put(app, "x", { "If-Match": tag });
      expect([tag, answer.status]).toEqual([tag, 400]);
      expect((await problemOf(answer)).code).toBe("invalid_argument");
    }
    const batch = await app.request("/v1/components/Note/batch", json("POST", [], { "If-Match": '"1"' }));
    expect(batch.status).toBe(400);
    expect((await app.request(notes, json("POST", note("x"), { "If-Match": "*" }))).status).toBe(400);
  });
});

describe("DELETE", () => {
  it("[H1] takes the same conditions, and is 404 where there is nothing", async () => {
    const { app } = await open();
    const remove = (headers: Record<string, string>, query = "") =>
      app.request(a + query, { method: "DELETE", headers });
    expect((await remove({ "If-Match": '"1"' })).status).toBe(404);
    await put(app, "one");
    expect((await remove({ "If-Match": '"2"' })).status).toBe(412);
    expect((await remove({ "If-None-Match": "*" })).status).toBe(412);
    expect((await remove({}, "?version=5")).status).toBe(409);
    expect((await remove({ "If-Match": '"1"' })).status).toBe(204);
    expect((await remove({ "If-Match": "*" })).status).toBe(404);
    await put(app, "three");
    expect((await remove({}, "?version=4")).status).toBe(204);
  });
});

describe("at once", () => {
  it("[H1] of writes with the same If-Match exactly one wins", async () => {
    const { app } = await open();
    await put(app, "one");
    const texts = Array.from({ length: 20 }, (_, at) => `write ${at}`);
    const answers = await Promise.all(texts.map((text) => put(app, text, { "If-Match": '"1"' })));
    expect(statuses(answers)).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(await textOf(app)).toEqual({ text: texts[winner] });
  });

  it("[H1] of creations exactly one wins, of a new id and of a deleted one", async () => {
    const { app } = await open();
    for (const round of [1, 2, 3]) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) => put(app, `${round} ${at}`, { "If-None-Match": "*" })),
      );
      expect(statuses(answers)).toEqual([201, ...Array.from({ length: 19 }, () => 412)]);
      await app.request(a, { method: "DELETE" });
    }
  });

  it("[H1] If-Match: * holds for all, however many come first", async () => {
    const { app } = await open();
    await put(app, "one");
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => put(app, `${at}`, { "If-Match": "*" })),
    );
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
    expect((await app.request(a)).headers.get("ETag")).toBe('"41"');
  });

  it("[H1] creations never replace what exists, however often it is deleted in between", async () => {
    const { app, base } = await open();
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    let creating = true;
    const create = async (): Promise<void> => {
      for (let at = 0; at < 100; at++) {
        await put(app, `${at}`, { "If-None-Match": "*" });
        await turn();
      }
    };
    const remove = async (): Promise<void> => {
      while (creating) {
        await app.request(a, { method: "DELETE", headers: { "If-Match": "*" } });
        await turn();
      }
    };
    const removals = [remove(), remove()];
    await Promise.all([create(), create(), create()]);
    creating = false;
    await Promise.all(removals);
    const { versions } = await base.store(Note).history("a", { limit: 1000 });
    const done = versions.map(({ operation }) => operation).reverse();
    expect(done.length).toBeGreaterThan(10);
    expect(done).toEqual(done.map((_, at) => (at % 2 === 0 ? "store" : "delete")));
  });
});

describe("Idempotency-Key", () => {
  it("[C2] the same request sent again is answered the same and changes nothing", async () => {
    const { app, base } = await open();
    await app.request(`${notes}/old`, json("PUT", note("old")));
    await app.request(`${notes}/old`, { method: "DELETE" });
    const requests: [string, RequestInit][] = [
      [`${notes}/plain`, json("PUT", note("x"))],
      [`${notes}/created`, json("PUT", note("x"), { "If-None-Match": "*" })],
      [`${notes}/old`, json("PUT", note("x"), { "If-None-Match": "*" })],
      [`${notes}/plain`, json("PUT", note("y"), { "If-Match": '"1"' })],
      [`${notes}/plain`, json("PUT", note("z"), { "If-Match": "*" })],
      [`${notes}/plain`, json("PUT", { ...note("v"), version: 4 })],
      [notes, json("POST", note("made"))],
      [notes, json("POST", { id: "named", ...note("named") })],
      ["/v1/components/Note/batch", json("POST", [note("1"), { id: "2", ...note("2") }])],
      [`${notes}/created`, { method: "DELETE", headers: { "If-Match": '"1"' } }],
      [`${notes}/named`, { method: "DELETE" }],
    ];
    const positions = async () => (await base.store(Note).listContexts({ limit: 1000 })).contexts;
    const answers: [number, string | null, string | null, string][] = [];
    const ask = async (at: number, path: string, init: RequestInit) => {
      const headers = { ...Object.fromEntries(new Headers(init.headers)), "Idempotency-Key": `key ${at}` };
      const answer = await app.request(path, { ...init, headers });
      const { status } = answer;
      return [
        status,
        answer.headers.get("ETag"),
        answer.headers.get("Location"),
        await answer.text(),
      ] as const;
    };
    for (const [at, [path, init]] of requests.entries()) answers.push([...(await ask(at, path, init))]);
    expect(answers.map(([status]) => status)).toEqual([
      201, 201, 201, 200, 200, 200, 201, 201, 200, 204, 204,
    ]);
    const before = await positions();
    for (const [at, [path, init]] of requests.entries())
      expect(await ask(at, path, init)).toEqual(answers[at]);
    expect(await positions()).toEqual(before);
  });

  it("[C2] sent many times at once it is one write, under a condition too", async () => {
    const { app } = await open();
    await put(app, "one");
    for (const [round, condition] of ['"1"', "*"].entries()) {
      const headers = { "If-Match": condition, "Idempotency-Key": `key ${condition.length}` };
      const answers = await Promise.all(Array.from({ length: 20 }, () => put(app, condition, headers)));
      expect(new Set(statuses(answers))).toEqual(new Set([200]));
      expect(new Set(answers.map((answer) => answer.headers.get("ETag")))).toEqual(
        new Set([`"${round + 2}"`]),
      );
    }
  });

  it("[C2] sent twice at once, it is one write though another came between the two", async () => {
    const { base } = await open();
    const store = base.store(Note);
    const id = "a";
    const write = "twice";
    const context = { id, ...note("mine") };
    let first = true;
    const stored = await guardWrite(
      { base, store, id, version: undefined, write },
      () => undefined,
      async (version) => {
        if (first) {
          first = false;
          await store.storeContext({ id, ...note("another") });
          await store.storeContext(context, { write });
        }
        return store.storeContext({ ...context, version }, { write });
      },
    );
    expect(stored).toMatchObject({ version: 2, content: { text: "mine" } });
    expect((await store.history(id)).versions).toHaveLength(2);
  });

  it("[C2] tells whether it happened, and refuses another write", async () => {
    const { app } = await open();
    const key = { "Idempotency-Key": '"a/b c"' };
    const path = `/v1/writes/${encodeURIComponent("a/b c")}`;
    const before = await app.request(path);
    expect([before.status, (await problemOf(before)).code]).toEqual([404, "not_found"]);
    await put(app, "one", key);
    expect(await (await app.request(path)).json()).toMatchObject({
      write: "a/b c",
      actor: "http",
      changes: [{ component: "Note", id: "a", version: 1, operation: "store" }],
    });
    for (const condition of [{}, { "If-Match": "*" }]) {
      const other = await put(app, "two", { ...key, ...condition });
      expect([other.status, (await problemOf(other)).code]).toEqual([422, "write_reused"]);
    }
    expect(await textOf(app)).toEqual({ text: "one" });
    expect((await put(app, "one", { "Idempotency-Key": "ü" })).status).toBe(400);
    expect((await put(app, "one", { "Idempotency-Key": "" })).status).toBe(400);
    expect((await put(app, "one", { "Idempotency-Key": "x".repeat(513) })).status).toBe(400);
  });
});
