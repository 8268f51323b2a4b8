import { describe, expect, it } from "vitest";
import { operations } from "../../src/server/operations.ts";
import { componentDescriptions } from "../../src/server/outputs.ts";
import { Customer, json, note, notes, open, problemOf } from "./fixture.ts";

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
