import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { operations } from "../../src/server/operations.ts";
import { json, open } from "./fixture.ts";

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
      listContextsByBody: [
        "/v1/components/Customer/list",
        json("POST", { limit: 1, explain: true, orderBy: { "content.name": "desc" } }),
      ],
      countContextsByBody: [
        "/v1/components/Customer/count",
        json("POST", { where: { "content.name": "a" } }),
      ],
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
