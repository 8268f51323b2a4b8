import { openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { limits } from "../../src/base/limits.ts";
import { createHttpApp } from "../../src/server/index.ts";
import { contextOf, json, Note, note, notes, open, problemOf } from "./fixture.ts";

describe("problems", () => {
  it("[H2] are problem+json with the code, the status and the details of the error", async () => {
    const { app } = await open();
    const path = "/v1/components/Customer/contexts/a";
    const answer = await app.request(path, json("PUT", { type: "profile", content: { name: 1 } }));
    expect(answer.status).toBe(422);
    expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await problemOf(answer)).toMatchObject({
      type: "urn:contextbase:error:invalid_context",
      title: "A context does not fit its component.",
      status: 422,
      code: "invalid_context",
      component: "Customer",
      retryable: false,
      details: { path: "content.name" },
    });
  });

  it("[H2] of a defect tell nothing; what was thrown is reported", async () => {
    const { app, errors } = await open();
    for (const throws of ["error", "text"]) {
      const body = { type: "thing", content: { throws } };
      const answer = await app.request("/v1/components/Faulty/contexts/a", json("PUT", body));
      const text = await answer.clone().text();
      expect([answer.status, (await problemOf(answer)).code]).toEqual([500, "internal"]);
      expect(text).not.toMatch(/secret|check|\.ts|stack/);
    }
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({ message: "the secret of the check" });
    expect(errors[1]).toMatchObject({ cause: "the secret of the check" });
  });

  it("of the client's making are not reported, of the store's they are", async () => {
    const { app, base, errors } = await open();
    await app.request("/nowhere");
    await app.request(notes, json("POST", "{"));
    expect(errors).toEqual([]);
    await base.close();
    expect((await app.request(notes)).status).toBe(503);
    expect(errors).toMatchObject([{ code: "closed" }]);
  });

  it("[H2] name the query parameter that is none, stands twice, or is wrong", async () => {
    const { app } = await open();
    const wrong: [string, string][] = [
      [`${notes}?limt=3`, '"limt"'],
      [`${notes}?limit=1&limit=2`, "limit"],
      ...["0", "1001", "-1", "1.5", "1e2", "0x10", "", " 1", "01", "NaN", "9".repeat(400)].map(
        (limit): [string, string] => [`${notes}?limit=${encodeURIComponent(limit)}`, "limit"],
      ),
      [`${notes}/a?asOf=yesterday`, "asOf"],
      [`${notes}/a?asOf=2026-01-31T12:00:00+02:00`, "asOf"],
      [`${notes}/a?version=0`, "version"],
      [`${notes}/a?__proto__=1`, "__proto__"],
      [`${notes}/a/versions/one`, "version"],
      ["/v1/components?x", '"x"'],
    ];
    for (const [path, name] of wrong) {
      const answer = await app.request(path);
      expect([path, answer.status]).toEqual([path, 400]);
      const { code, detail } = await problemOf(answer);
      expect(code).toBe("invalid_argument");
      expect(detail).toContain(name);
    }
    expect((await app.request(`${notes}/a?version=1`, json("PUT", note("x")))).status).toBe(400);
  });

  it("[H2] tell a route that is none, and the methods of one that is", async () => {
    const { app } = await open();
    for (const path of ["/", "/v1", "/v1/", "/v1/component", `${notes}/`, `${notes}/a/`, "/livez/", "//"]) {
      const answer = await app.request(`http://localhost${path}`);
      expect([path, answer.status, (await problemOf(answer)).code]).toEqual([path, 404, "not_found"]);
    }
    const methods: [string, string, string][] = [
      ["PATCH", `${notes}/a`, "GET, HEAD, PUT, DELETE"],
      ["OPTIONS", notes, "GET, HEAD, POST"],
      ["GET", "/v1/components/Note/batch", "POST"],
      ["POST", "/livez", "GET, HEAD"],
      ["DELETE", `${notes}/a/versions/1`, "GET, HEAD"],
    ];
    for (const [method, path, allowed] of methods) {
      const answer = await app.request(path, { method });
      expect([answer.status, answer.headers.get("Allow")]).toEqual([405, allowed]);
      expect((await problemOf(answer)).code).toBe("method_not_allowed");
    }
  });

  it("[H2] refuse a body that is not of type application/json", async () => {
    const { app } = await open();
    const body = JSON.stringify(note("x"));
    const types = ["text/plain", "application/json; charset=latin1", "application/jsonp", "text/json", ""];
    for (const type of types) {
      const answer = await app.request(notes, { method: "POST", headers: { "Content-Type": type }, body });
      expect([type, answer.status]).toEqual([type, 415]);
      expect((await problemOf(answer)).code).toBe("unsupported_media_type");
    }
    for (const type of [
      "application/json",
      "Application/JSON;charset=UTF-8",
      'application/json ; charset="utf-8"',
    ]) {
      const answer = await app.request(notes, { method: "POST", headers: { "Content-Type": type }, body });
      expect([type, answer.status]).toEqual([type, 201]);
    }
  });

  it("[H2, S2] refuse a body that is no JSON, no UTF-8, or reaches a prototype", async () => {
    const { app } = await open();
    const texts = ["", "{", "{'a':1}", "NaN", '{"a":01}', '"a" 1', '{"type":"t","content":{"a":"\u0001"}}'];
    const prototypes = ['{"__proto__":{}}', '{"type":"t","content":{"a":[{"\\u005f_proto__":1}]}}'];
    for (const text of [...texts, ...prototypes]) {
      const answer = await app.request(`${notes}/a`, json("PUT", text));
      expect([text, answer.status, (await problemOf(answer)).code]).toEqual([text, 400, "invalid_json"]);
    }
    const bytes = Buffer.concat([
      Buffer.from('{"type":"'),
      Buffer.from([0xff]),
      Buffer.from('","content":{}}'),
    ]);
    const headers = { "Content-Type": "application/json" };
    const answer = await app.request(`${notes}/a`, { method: "PUT", headers, body: bytes });
    expect([answer.status, (await problemOf(answer)).code]).toEqual([400, "invalid_json"]);
    expect((await app.request(`${notes}/a`)).status).toBe(404);
  });

  it("[H2] refuse what is no context: another kind of value, an unknown field, another id", async () => {
    const { app } = await open();
    for (const body of ["null", "[]", '"x"', "1"]) {
      const answer = await app.request(`${notes}/a`, json("PUT", body));
      expect([body, answer.status, (await problemOf(answer)).code]).toEqual([body, 400, "invalid_argument"]);
    }
    const wrong = [{}, { type: "t" }, { ...note("x"), typ: 1 }, { ...note("x"), id: "b" }];
    for (const body of [...wrong, { ...note("x"), version: "1" }, { ...note("x"), embeddings: [1] }]) {
      const answer = await app.request(`${notes}/a`, json("PUT", body));
      expect([body, answer.status, (await problemOf(answer)).code]).toEqual([body, 422, "invalid_context"]);
    }
    for (const id of [".", "..", 1, null, ""]) {
      expect((await app.request(notes, json("POST", { ...note("x"), id }))).status).toBeOneOf([400, 422]);
    }
    const same = await app.request(`${notes}/a`, json("PUT", { ...note("x"), id: "a" }));
    expect((await contextOf(same)).id).toBe("a");
  });

  it("[H2] refuse a body, a content and an id over their limits", async () => {
    const { app } = await open();
    const body = { type: "t", content: { text: "x".repeat(limits.contentBytes) } };
    const content = await app.request(`${notes}/a`, json("PUT", body));
    expect([content.status, (await problemOf(content)).code]).toEqual([413, "too_large"]);
    const declared = await app.request(
      `${notes}/a`,
      json("PUT", "{}", { "Content-Length": `${limits.httpBodyBytes + 1}` }),
    );
    expect([declared.status, (await problemOf(declared)).code]).toEqual([413, "too_large"]);
    const id = await app.request(`${notes}/${"x".repeat(limits.idBytes + 1)}`);
    expect([id.status, (await problemOf(id)).code]).toEqual([400, "invalid_argument"]);
  });
});

describe("createHttpApp", () => {
  it("refuses an option that it does not know", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Note] });
    const options = Object.assign({ onError: () => undefined }, { onEror: () => undefined });
    expect(() => createHttpApp(base, options)).toThrow(/onEror/);
  });

  it("[S5] shows the default tenant alone", async () => {
    const { app, base } = await open();
    await base
      .as({ id: "x", tenant: "other" })
      .store(Note)
      .storeContext({ id: "a", ...note("theirs") });
    expect((await app.request(`${notes}/a`)).status).toBe(404);
    expect((await app.request(`${notes}/a/versions`)).status).toBe(404);
    const created = await app.request(`${notes}/a`, json("PUT", note("ours"), { "If-None-Match": "*" }));
    expect([created.status, created.headers.get("ETag")]).toEqual([201, '"1"']);
  });
});
