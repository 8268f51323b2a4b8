import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { operations } from "../../src/server/operations.ts";
import { componentDescriptions } from "../../src/server/outputs.ts";
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

describe("components", () => {
  it("are told, all and one", async () => {
    const { app } = await open();
    const all = componentDescriptions.parse(await (await app.request("/v1/components")).json());
    expect(all.components[1]).toEqual(Customer.describe());
    const one = await app.request("/v1/components/Customer");
    expect(one.status).toBe(200);
    expect(await one.json()).toEqual(Customer.describe());
  });

  it("that are not there are told as such on every route", async () => {
    const { app } = await open();
    const paths = operations.map(({ path }) => path).filter((path) => path.includes("{component}"));
    for (const path of new Set(paths)) {
      const target = path.replace("{component}", "Nothing").replace("{id}", "a").replace("{version}", "1");
      const readable = operations.some((one) => one.path === path && one.method === "GET");
      const init = readable ? {} : json("POST", path.endsWith("batch") ? [] : {});
      const answer = await app.request(`/v1${target}`, init);
      expect(answer.status).toBe(404);
      expect((await problemOf(answer)).code).toBe("unknown_component");
    }
  });
});

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

describe("around them", () => {
  it("liveness and readiness are told, and a closed store is not ready", async () => {
    const { app, base } = await open();
    expect(await (await app.request("/livez")).json()).toEqual({ status: "live" });
    expect(await (await app.request("/readyz")).json()).toEqual({ status: "ready" });
    await base.close();
    expect((await app.request("/livez")).status).toBe(200);
    const answer = await app.request("/readyz");
    expect([answer.status, (await problemOf(answer)).code]).toEqual([503, "closed"]);
  });

  it("HEAD is GET without its body", async () => {
    const { app } = await open();
    await app.request(`${notes}/a`, json("PUT", note("one")));
    const answer = await app.request(`${notes}/a`, { method: "HEAD" });
    expect([answer.status, answer.headers.get("ETag"), await answer.text()]).toEqual([200, '"1"', ""]);
  });

  it("nothing is kept by caches, sniffed, framed or read across sites", async () => {
    const { app } = await open();
    for (const path of ["/livez", notes, "/nowhere"]) {
      const { headers } = await app.request(path);
      expect(headers.get("Cache-Control")).toBe("no-store");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
    }
  });
});

const content = z.record(z.string(), z.object({ schema: z.object({ $ref: z.string() }) }));
const described = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        responses: z.record(z.string(), z.looseObject({ content: content.optional() })),
      }),
    ),
  ),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

describe("openapi.json", () => {
  it("tells every operation of the table, with schemas that compile and references that lead somewhere", async () => {
    const { app } = await open();
    const api = described.parse(await (await app.request("/openapi.json")).json());
    const told = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    );
    const known = operations.map(({ method, path, name }) => `${method.toLowerCase()} /v1${path} ${name}`);
    expect(told.sort()).toEqual(known.sort());
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(api, "api");
    for (const name of Object.keys(api.components.schemas)) {
      expect(ajv.getSchema(`api#/components/schemas/${name}`)).toBeTypeOf("function");
    }
    for (const [, reference = ""] of JSON.stringify(api).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = reference.split("/").reduce((at: unknown, step) => Object(at)[step], api);
      expect(target, reference).toBeDefined();
    }
  });

  it("tells what is answered: every answer fits its schema and has a status that is told", async () => {
    const { app } = await open();
    const api = described.parse(await (await app.request("/openapi.json")).json());
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(api, "api");
    const write = { "Idempotency-Key": "w1" };
    const window = { query: "a", sources: [{ component: "Customer" }], budget: { tokens: 100 } };
    const assembled = z.object({ receipt: z.unknown() });
    const { receipt } = assembled.parse(
      await (await app.request("/v1/assemblies", json("POST", window))).json(),
    );
    const calls: Record<string, [string, RequestInit?]> = {
      createContext: ["/v1/components/Customer/contexts", json("POST", customer("b"))],
      storeContext: ["/v1/components/Customer/contexts/a", json("PUT", customer("a"), write)],
      storeContexts: ["/v1/components/Customer/batch", json("POST", [customer("c"), customer("d")])],
      describeComponents: ["/v1/components"],
      describeComponent: ["/v1/components/Customer"],
      listContexts: ["/v1/components/Customer/contexts?limit=1&explain=true&orderBy=content.name:desc"],
      countContexts: [`/v1/components/Customer/count?where=${encodeURIComponent('{"content.name":"a"}')}`],
      searchContexts: ["/v1/components/Customer/search", json("POST", { text: "a", explain: true })],
      assemble: ["/v1/assemblies", json("POST", window)],
      reassemble: ["/v1/assemblies/rebuild", json("POST", receipt)],
      retrieveContext: ["/v1/components/Customer/contexts/a"],
      history: ["/v1/components/Customer/contexts/a/versions"],
      retrieveVersion: ["/v1/components/Customer/contexts/a/versions/1"],
      findWrite: ["/v1/writes/w1"],
      revertContext: ["/v1/components/Customer/contexts/a/revert", json("POST", { version: 1 })],
      mergeContext: [
        "/v1/components/Customer/contexts/a/merge",
        json("POST", { base: 1, yours: customer("a") }),
      ],
      diff: ["/v1/components/Customer/contexts/a/diff"],
      undo: ["/v1/undo", json("POST", { write: "w1", dryRun: true })],
      watch: ["/v1/changes?follow=false"],
      watchComponent: ["/v1/components/Customer/changes?follow=false"],
      deleteContext: ["/v1/components/Customer/contexts/a", { method: "DELETE" }],
    };
    expect(Object.keys(calls).sort()).toEqual(operations.map(({ name }) => name).sort());
    for (const [name, [path, init]] of Object.entries(calls)) {
      const operation = operations.find((one) => one.name === name);
      const answer = await app.request(path, init);
      expect(operation?.statuses, name).toContain(answer.status);
      const told = api.paths[`/v1${operation?.path}`]?.[operation?.method.toLowerCase() ?? ""];
      const reference = told?.responses[answer.status]?.content?.["application/json"]?.schema.$ref;
      if (reference === undefined) continue;
      const valid = ajv.getSchema(`api${reference}`);
      expect(valid?.(await answer.json()), `${name}: ${ajv.errorsText(valid?.errors)}`).toBe(true);
    }
    const problem = await (await app.request("/nowhere")).json();
    expect(ajv.getSchema("api#/components/schemas/Problem")?.(problem)).toBe(true);
  });
});

const customer = (id: string): object => ({
  id,
  type: "profile",
  content: { name: id },
  embeddings: [1, 0, 0],
});
