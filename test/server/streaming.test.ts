import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { openContextbase } from "contextbase";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../scripts/campaigns/random.ts";
import { limits } from "../../src/base/limits.ts";
import { createBody } from "../../src/server/http/stream-body.ts";
import { jsonLines } from "../../src/server/http/stream-formats.ts";
import { createHttpApp } from "../../src/server/index.ts";
import * as outputs from "../../src/server/outputs.ts";
import { events, put, start, take } from "./changes-served.ts";
import { Note, open, problemOf } from "./fixture.ts";
import { eventsOf, linesIn, openStream } from "./stream-reader.ts";

const dataOf = async function* (chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const { data } of eventsOf(chunks)) yield data;
};

const whenAtMost = async (most: number, count: () => number): Promise<void> => {
  for (let n = 0; count() > most && n < 500; n++) await sleep(10);
  expect(count()).toBe(most);
};

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
