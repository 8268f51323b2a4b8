import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Change, type Contextbase, openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { limits } from "../../src/base/limits.ts";
import { createBody } from "../../src/server/http/stream-body.ts";
import { eventStream, jsonLines } from "../../src/server/http/stream-formats.ts";
import { createHttpApp, type HttpServer, serve } from "../../src/server/index.ts";
import * as outputs from "../../src/server/outputs.ts";
import { Customer, Note, note, open, problemOf } from "./fixture.ts";
import { eventsOf, linesIn, openStream, type StreamEvent } from "./stream-reader.ts";

const events = { Accept: "text/event-stream" };

type Started = { base: Contextbase; server: HttpServer; url: string; errors: unknown[] };

/** @param wrap what is served in place of the store */
const start = async (wrap = (base: Contextbase): Contextbase => base): Promise<Started> => {
  const base = await openContextbase({ url: ":memory:", components: [Note, Customer] });
  const errors: unknown[] = [];
  const server = await serve(wrap(base), { port: 0, onError: (error) => errors.push(error) });
  onTestFinished(async () => {
    await server.close();
    await base.close();
  });
  return { base, server, url: `${server.url}/v1/changes`, errors };
};

const put = (base: Contextbase, ...ids: readonly string[]) =>
  base.store(Note).storeContexts(ids.map((id) => ({ id, ...note(id) })));

const take = async <Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> => {
  const taken: Item[] = [];
  for await (const item of items) if (taken.push(item) === count) break;
  return taken;
};

const dataOf = async function* (chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const { data } of eventsOf(chunks)) yield data;
};

const nothing = new Blob([]).stream();

const changesOf = (told: readonly (StreamEvent | string)[]) =>
  told.map((one) => outputs.change.parse(JSON.parse(typeof one === "string" ? one : one.data)));

const idsOf = (told: readonly (StreamEvent | string)[]): string[] => changesOf(told).map(({ id }) => id);

const linesOf = async (answer: Response): Promise<string[]> => (await answer.text()).split("\n").slice(0, -1);

const whenAtMost = async (most: number, count: () => number): Promise<void> => {
  for (let n = 0; count() > most && n < 500; n++) await sleep(10);
  expect(count()).toBe(most);
};

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
    const quiet = async function* () {
      yield { position: 1 };
      await sleep(70);
      yield { position: 2 };
    };
    for (const [format, sign] of [
      [eventStream, ":"],
      [jsonLines, ""],
    ] as const) {
      const ends = { signal: new AbortController().signal, leave: () => undefined, fail: String };
      const lines: string[] = [];
      const body = createBody({ after: 0, items: quiet() }, format, ends, 10);
      for await (const line of linesIn(body)) lines.push(line);
      expect(lines.filter((line) => line === sign).length).toBeGreaterThan(2);
      expect(lines.filter((line) => line.includes('"position"'))).toHaveLength(2);
    }
  });
});

describe("a server that streams", () => {
  it("[C5] asks for no more than its reader takes", async () => {
    let given = 0;
    const endless = (async function* () {
      for (;;) yield { position: ++given, text: "x".repeat(1_000) };
    })();
    const ends = { signal: new AbortController().signal, leave: () => undefined, fail: String };
    const reader = createBody({ after: 0, items: endless }, jsonLines, ends).getReader();
    await reader.read();
    await sleep(20);
    expect(given * 1_000).toBeLessThan(limits.httpStreamedBytes * 3);
    await reader.cancel();
  });

  it("[C5] ends the watch of whoever goes away, reading or not, and has its place for another", async () => {
    let under = 0;
    const { base, url } = await start((base) => ({
      ...base,
      as: (principal) => {
        const view = base.as(principal);
        const watch: typeof view.watch = (options) => {
          const changes = view.watch(options);
          return (async function* () {
            under++;
            try {
              yield* changes;
            } finally {
              under--;
            }
          })();
        };
        return { ...view, watch };
      },
    }));
    await put(base, ...Array.from({ length: 10_000 }, (_, n) => `${n} ${"x".repeat(400)}`));
    const stalled = await openStream(`${url}?after=0`);
    stalled.response.pause();
    for (let round = 0; round < 2; round++) {
      const opened = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          openStream(`${url}?after=${10_000 - (n % 2)}`, n % 3 === 0 ? events : {}),
        ),
      );
      expect(under).toBe(201);
      for (const { request } of opened) request.destroy();
      await whenAtMost(1, () => under);
    }
    stalled.request.destroy();
    await whenAtMost(0, () => under);
  });

  it("[C1, C5] tells each change once, in order, to readers that are cut off at random and come again", async () => {
    const { base, url } = await start();
    const seed = Number(process.env.SEED ?? 5);
    const random = createRandom(seed);
    const [writers, writes, readers] = [8, 60, 12];
    const total = writers * writes;
    const read = async (number: number): Promise<number[]> => {
      const positions: number[] = [];
      while (positions.length < total) {
        const last = positions.at(-1) ?? 0;
        const [query, resume] = number % 2 ? ["", { "Last-Event-ID": `${last}` }] : [`?after=${last}`, {}];
        const { request, response } = await openStream(url + query, { ...(number % 3 && events), ...resume });
        const most = Math.min(last + random.below(60), total);
        const told = number % 3 ? dataOf(response) : linesIn(response);
        for await (const line of told) {
          if (line !== "") positions.push(outputs.change.parse(JSON.parse(line)).position);
          if (positions.length >= most) break;
        }
        request.destroy();
      }
      return positions;
    };
    const reading = Array.from({ length: readers }, (_, number) => read(number));
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; n < writes; n++) await put(base, `${writer} ${random.below(20)}`);
    };
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    const all = Array.from({ length: total }, (_, n) => n + 1);
    for (const positions of await Promise.all(reading)) expect(positions, `seed ${seed}`).toEqual(all);
  });

  it("[C5] refuses more streams than it may have, and answers HEAD without one", async () => {
    const { app, base } = await open();
    await put(base, "a");
    const opened: Response[] = [];
    for (let n = 0; n < limits.httpStreams; n++) opened.push(await app.request("/v1/changes?after=0"));
    const refused = await app.request("/v1/changes?after=0");
    expect([refused.status, (await problemOf(refused)).code]).toEqual([503, "too_busy"]);
    for (const answer of opened) await answer.body?.cancel();
    for (let n = 0; n < limits.httpStreams + 1; n++) {
      expect((await app.request("/v1/changes", { method: "HEAD" })).status).toBe(200);
      expect((await app.request("/v1/changes?after=9")).status).toBe(410);
    }
    expect((await app.request("/v1/changes?after=0&follow=false")).status).toBe(200);
  });

  it("[C5] that closes ends its streams at once, and those of readers that do not read soon", async () => {
    const { base, server, url, errors } = await start();
    await put(base, "a");
    const idle = await openStream(`${url}?after=0`, events);
    const read = take(eventsOf(idle.response), 2);
    const stalled = await openStream(`${url}?after=0`);
    const broken = once(stalled.response, "error");
    stalled.response.pause();
    const many = Array.from({ length: 10_000 }, (_, n) => `${n} ${"x".repeat(400)}`);
    for (let n = 0; n < 2; n++) await put(base, ...many);
    await server.close();
    expect((await read).length).toBeGreaterThan(0);
    stalled.response.resume();
    expect(await broken).toMatchObject([{ code: "ECONNRESET" }]);
    expect(errors).toEqual([]);
    await expect(openStream(url)).rejects.toThrow();
  });
});

it("[C5] createHttpApp ends its streams where its signal fires, and opens none after", async () => {
  await using base = await openContextbase({ url: ":memory:", components: [Note] });
  const ending = new AbortController();
  const app = createHttpApp(base, { signal: ending.signal, onError: () => undefined });
  const answer = await app.request("/v1/changes");
  const text = answer.text();
  ending.abort();
  expect(await text).toBe("");
  expect((await app.request("/v1/changes")).status).toBe(503);
});
