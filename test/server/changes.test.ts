import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "contextbase";
import { describe, expect, it } from "vitest";
import { limits } from "../../src/base/limits.ts";
import { createBody } from "../../src/server/http/stream-body.ts";
import { eventStream, jsonLines } from "../../src/server/http/stream-formats.ts";
import * as outputs from "../../src/server/outputs.ts";
import { events, put, start, take } from "./changes-served.ts";
import { Customer, Note, open, problemOf } from "./fixture.ts";
import { eventsOf, linesIn, openStream, type StreamEvent } from "./stream-reader.ts";

const nothing = new Blob([]).stream();

const changesOf = (told: readonly (StreamEvent | string)[]) =>
  told.map((one) => outputs.change.parse(JSON.parse(typeof one === "string" ? one : one.data)));

const idsOf = (told: readonly (StreamEvent | string)[]): string[] => changesOf(told).map(({ id }) => id);

const linesOf = async (answer: Response): Promise<string[]> => (await answer.text()).split("\n").slice(0, -1);

describe("a stream of changes", () => {
  it("[C5] tells as events what the watch of the library tells, from any position", async () => {
    const { base, url } = await start();
    await put(base, "a", "b\u2028\n", "c");
    await base.store(Note).deleteContext("a");
    const { response } = await openStream(`${url}?after=1`, events);
    expect(response.headers).toMatchObject({
      "content-type": "text/event-stream",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    });
    const told = take(eventsOf(response), 4);
    await put(base, "d");
    const library: Change[] = await take(base.watch({ after: 1 }), 4);
    expect(changesOf(await told)).toEqual(library.map((one) => ({ ...one, at: one.at.toISOString() })));
    expect((await told).map(({ event, lastId }) => [event, lastId])).toEqual(
      ["2", "3", "4", "5"].map((id) => ["change", id]),
    );
  });

  it("[C5] tells the same a line each, unless events are asked for", async () => {
    const { app, base } = await open();
    await put(base, "a", "b");
    const path = "/v1/changes?after=0&follow=false";
    const as = async (Accept?: string) => app.request(path, { headers: Accept ? { Accept } : {} });
    for (const accept of [undefined, "*/*", "application/x-ndjson", "text/html,*/*;q=0.8"]) {
      const answer = await as(accept);
      expect([accept, answer.headers.get("Content-Type")]).toEqual([accept, "application/x-ndjson"]);
      expect(idsOf(await linesOf(answer))).toEqual(["a", "b"]);
    }
    for (const accept of ["text/event-stream", "application/x-ndjson;q=0.5, text/event-stream", "text/*"]) {
      expect((await as(accept)).headers.get("Content-Type")).toBe("text/event-stream");
    }
  });

  it("[C5] goes on behind the last event that came, whatever the URL says", async () => {
    const { base, url } = await start();
    await put(base, "a", "b", "c");
    const { response } = await openStream(`${url}?after=0`, { ...events, "Last-Event-ID": "2" });
    expect(idsOf(await take(eventsOf(response), 1))).toEqual(["c"]);
  });

  it("[C5] begins, where no position is given, with what comes once it is answered, and says where", async () => {
    const { base, url } = await start();
    await put(base, "before");
    const { response } = await openStream(url, events);
    const lines = linesIn(response);
    expect(await take(lines, 3)).toEqual([`retry: ${limits.httpRetryMilliseconds}`, "id: 1", ""]);
    // Cut off before anything came, it comes again with that id, and misses nothing.
    await put(base, "meanwhile");
    const again = await openStream(url, { ...events, "Last-Event-ID": "1" });
    await put(base, "after");
    expect(idsOf(await take(eventsOf(again.response), 2))).toEqual(["meanwhile", "after"]);
  });

  it("[C5] tells the changes of a component, of a type, and those that there are", async () => {
    const { app, base } = await open();
    await put(base, "a");
    await base.store(Customer).storeContext({ id: "c", type: "profile", content: { name: "Ada" } });
    await base.store(Note).storeContext({ id: "b", type: "other", content: {} });
    const ids = async (path: string) => idsOf(await linesOf(await app.request(path)));
    expect(await ids("/v1/changes?follow=false")).toEqual(["a", "c", "b"]);
    expect(await ids("/v1/changes?follow=false&after=2")).toEqual(["b"]);
    expect(await ids("/v1/changes?follow=false&after=3")).toEqual([]);
    expect(await ids("/v1/changes?follow=false&type=other")).toEqual(["b"]);
    expect(await ids("/v1/components/Note/changes?follow=false")).toEqual(["a", "b"]);
    expect(await ids("/v1/components/Note/changes?follow=false&type=note")).toEqual(["a"]);
  });

  it("[C5] is refused as a problem, before the first byte, from where the log does not go on", async () => {
    const { app, base, errors } = await open();
    await put(base, "a");
    for (const headers of [{}, events]) {
      const answer = await app.request("/v1/changes?after=7", { headers });
      expect([answer.status, answer.headers.get("Content-Type")]).toEqual([410, "application/problem+json"]);
      expect(await problemOf(answer)).toMatchObject({ code: "position_expired", details: { position: 7 } });
    }
    const wrong: [string, Record<string, string>][] = [
      ["?after=-1", {}],
      ["?after=x", {}],
      ["?follow=no", {}],
      ["?type=", {}],
      ["?limit=1", {}],
      ["", { "Last-Event-ID": "x" }],
      ["", { "Last-Event-ID": "99999999999999999999" }],
    ];
    for (const [query, headers] of wrong) {
      const answer = await app.request(`/v1/changes${query}`, { headers });
      expect([query, answer.status]).toEqual([query, 400]);
      expect((await problemOf(answer)).code).toBe("invalid_argument");
    }
    expect((await app.request("/v1/components/Customer/changes?type=none")).status).toBe(400);
    expect(errors).toEqual([]);
    await base.close();
    expect((await app.request("/v1/changes?after=1")).status).toBe(503);
  });

  it("[C5] that cannot go on tells why, last", async () => {
    const { app, base, errors } = await open();
    await put(base, "a");
    const answers = await Promise.all([
      app.request("/v1/changes?after=0", { headers: events }),
      app.request("/v1/changes?after=0"),
    ]);
    const [eventual = nothing, lined = nothing] = answers.map((answer) => answer.body ?? nothing);
    const told = [take(eventsOf(eventual), 3), take(linesIn(lined), 3)] as const;
    await sleep(50);
    await base.close();
    const [event, error] = await told[0];
    expect(event).toMatchObject({ event: "change", lastId: "1" });
    expect(error).toMatchObject({ event: "error", lastId: "1" });
    expect(JSON.parse(error?.data ?? "")).toMatchObject({ code: "closed", status: 503 });
    const [, last = ""] = await told[1];
    expect(JSON.parse(last)).toMatchObject({ error: { code: "closed", status: 503 } });
    expect(errors).toMatchObject([{ code: "closed" }, { code: "closed" }]);
  });

  it("[C5] gives a sign of life where there is nothing to tell", async () => {
    for (const [format, sign] of [
      [eventStream, ":"],
      [jsonLines, ""],
    ] as const) {
      const enough = Promise.withResolvers<void>();
      const quiet = async function* () {
        yield { position: 1 };
        await enough.promise;
        yield { position: 2 };
      };
      const ends = { signal: new AbortController().signal, leave: () => undefined, fail: String };
      const lines: string[] = [];
      const body = createBody({ after: 0, items: quiet() }, format, ends, 10);
      for await (const line of linesIn(body)) {
        lines.push(line);
        if (lines.filter((one) => one === sign).length > 2) enough.resolve();
      }
      expect(lines.filter((line) => line.includes('"position"'))).toHaveLength(2);
    }
  });
});
