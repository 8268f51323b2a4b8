import { ContextbaseError, openAiEmbeddings } from "contextbase";
import { describe, expect, it } from "vitest";
import { createOpenAiEmbeddings } from "../../../src/search/embedder/open-ai-embeddings.ts";
import { type Answering, dataOf, type Sent, send, serve, vectorOf } from "./server.ts";

const key = "sk-Very-Secret-0815";
const secretText = "what nobody may read";

const quick = { model: "tiny", key, pauseMilliseconds: 1, timeoutMilliseconds: 500 };

const embed = (url: string, texts: readonly string[], options: object = {}, signal?: AbortSignal) =>
  openAiEmbeddings({ ...quick, url, ...options }).embed(texts, { signal });

const plain = (vectors: readonly (readonly number[] | Float32Array)[]): number[][] =>
  vectors.map((vector) => Array.from(vector));

/** The error that came of it, which shows no secret. */
const failure = async (work: Promise<unknown>): Promise<ContextbaseError> => {
  const error = await work.then(
    () => new Error("It went well."),
    (cause: unknown) => cause,
  );
  if (!(error instanceof ContextbaseError)) throw error;
  const shown = `${error.message} ${JSON.stringify(error.details)} ${String(error.cause)}`;
  expect(shown).not.toContain(key);
  expect(shown).not.toContain(secretText);
  return error;
};

const status =
  (code: number, headers: Record<string, string> = {}, body: unknown = {}): Answering =>
  (response) => {
    response.writeHead(code, headers).end(JSON.stringify(body));
  };

const answering =
  (change: (data: ReturnType<typeof dataOf>["data"], sent: Sent) => unknown): Answering =>
  (response, sent) =>
    send(response, { data: change(dataOf(sent).data, sent) });

describe("openAiEmbeddings", () => {
  it("[Q9] asks as OpenAI's API wants it, and gives vectors in the order of the texts", async () => {
    const { url, sent } = await serve(answering((data) => data.toReversed()));
    const { model, embed } = openAiEmbeddings({
      ...quick,
      url,
      dimensions: 2,
      headers: { "api-version": "1" },
    });
    expect(model).toBe("tiny");
    expect(plain(await embed(["a", "bb", "ccc"], { signal: undefined }))).toEqual(
      ["a", "bb", "ccc"].map(vectorOf),
    );
    const [{ path, headers, body } = { path: "", headers: {}, body: {} }] = sent;
    expect(path).toBe("/v1/embeddings");
    expect(headers).toMatchObject({ authorization: `Bearer ${key}`, "api-version": "1" });
    expect(body).toEqual({ model: "tiny", dimensions: 2, input: ["a", "bb", "ccc"] });
    expect(await embed([], { signal: undefined })).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  it("[Q9] sends no key where there is none, and takes the whole address", async () => {
    const { url, sent } = await serve();
    await embed(`${url}/embeddings/?api-version=7`, ["a"], { key: undefined });
    expect(sent[0]?.headers.authorization).toBeUndefined();
    expect(sent[0]?.path).toBe("/v1/embeddings?api-version=7");
  });

  it("[Q9] understands base64, and an answer without places", async () => {
    const base64: Answering = answering((data) =>
      data.map(({ embedding, index }) => ({
        index,
        embedding: Buffer.from(Float32Array.from(embedding).buffer).toString("base64"),
      })),
    );
    const placeless: Answering = answering((data) => data.map(({ embedding }) => ({ embedding })));
    const { url, sent } = await serve(base64, placeless);
    for (let call = 0; call < 2; call++) {
      expect(plain(await embed(url, ["a", "bb"], { encoding: "base64" }))).toEqual(["a", "bb"].map(vectorOf));
    }
    expect(sent[0]?.body.encoding_format).toBe("base64");
  });

  it("[Q9] splits by number and by bytes, and has only so many requests on their way", async () => {
    let now = 0;
    let most = 0;
    const slow: Answering = async (response, sent) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now--;
      send(response, dataOf(sent));
    };
    const { url, sent } = await serve(...Array.from({ length: 40 }, () => slow));
    const texts = Array.from({ length: 50 }, (_, number) => "x".repeat(number + 1));
    expect(plain(await embed(url, texts, { batch: 3, requests: 2 }))).toEqual(texts.map(vectorOf));
    expect(Math.max(...sent.map(({ body }) => body.input.length))).toBe(3);
    expect(sent).toHaveLength(17);
    expect(most).toBe(2);
    await embed(url, ["aaaa", "é", "éé", "b", "cccccc", "d"], { batchBytes: 5 });
    expect(sent.slice(17).map(({ body }) => body.input)).toEqual(
      expect.arrayContaining([["aaaa"], ["é"], ["éé", "b"], ["cccccc"], ["d"]]),
    );
  });

  it("[Q9] asks again where a server has no time, breaks off, or does not answer", async () => {
    const hangUp: Answering = (response) => void response.destroy();
    const truncated: Answering = (response) => {
      response.writeHead(200, { "content-length": "1000" }).write('{"data": [');
      setTimeout(() => response.destroy(), 10);
    };
    const silent: Answering = () => undefined;
    const stalling: Answering = (response) => void response.writeHead(200).write('{"data": [');
    const passing = [status(429), status(500), status(503), hangUp, truncated, silent, stalling];
    const { url, sent } = await serve(...passing);
    const options = { attempts: 8, timeoutMilliseconds: 300 };
    expect(plain(await embed(url, ["a"], options))).toEqual([vectorOf("a")]);
    expect(sent).toHaveLength(8);
  });

  it("[Q9] waits as long as it is asked to, but not for ever, and longer each time by itself", async () => {
    const waits: number[] = [];
    const noting: Answering = (response) => {
      waits.push(performance.now());
      response.writeHead(503).end();
    };
    const asking = await serve(status(429, { "retry-after": "1" }));
    const started = performance.now();
    await embed(asking.url, ["a"]);
    expect(performance.now() - started).toBeGreaterThan(990);

    const clock = () => Date.parse("2026-01-01T00:00:00Z");
    const date = await serve(status(503, { "retry-after": "Thu, 01 Jan 2026 00:05:00 GMT" }));
    const dated = createOpenAiEmbeddings({ ...quick, url: date.url }, { clock, random: () => 0 });
    const gaveUp = await failure(dated.embed(["a"], { signal: undefined }));
    expect(gaveUp).toMatchObject({ code: "embedding_unavailable", retryable: true, details: { tries: 1 } });
    expect(gaveUp.message).toContain("300 seconds");

    const growing = await serve(noting, noting, noting, noting);
    const doubling = createOpenAiEmbeddings(
      { ...quick, url: growing.url, pauseMilliseconds: 40, attempts: 4 },
      { clock, random: () => 0 },
    );
    await failure(doubling.embed(["a"], { signal: undefined }));
    const pauses = waits.slice(1).map((at, index) => at - (waits[index] ?? 0));
    for (const [index, least] of [39, 79, 159].entries()) expect(pauses[index]).toBeGreaterThan(least);
  });

  it("[Q9] names what a server refuses, and what to do, and asks once", async () => {
    const echoing = { error: { code: "invalid_api_key", message: `Bad key ${key} for ${secretText}` } };
    const refusals: readonly (readonly [Answering, RegExp])[] = [
      [status(401, {}, echoing), /answered 401 \(invalid_api_key\)\. Check the key/],
      [status(403, {}, { error: { code: key, type: secretText } }), /answered 403\. Check the key/],
      [status(404, {}, "<html>"), /404.*Check the url/],
      [status(400, {}, { error: { code: "context_length_exceeded" } }), /400 \(context_length_exceeded\)/],
      [status(413), /413.*smaller batch/],
      [status(307, { location: "http://127.0.0.1:1/" }), /307.*leads elsewhere/],
    ];
    for (const [answer, told] of refusals) {
      const { url, sent } = await serve(answer);
      const error = await failure(embed(url, [secretText]));
      expect(error).toMatchObject({ code: "embedding_failed", retryable: false });
      expect(error.message).toMatch(told);
      expect(error.message).toContain(new URL(url).host);
      expect(sent).toHaveLength(1);
    }
  });

  it("[Q9] gives up by name after the last try", async () => {
    const { url, sent } = await serve(...Array.from({ length: 9 }, () => status(500, {}, { error: key })));
    const error = await failure(embed(url, [secretText], { attempts: 3 }));
    expect(error).toMatchObject({
      code: "embedding_unavailable",
      retryable: true,
      details: { tries: 3, status: 500 },
    });
    expect(sent).toHaveLength(3);
    const gone = await failure(embed("http://127.0.0.1:1/v1", [secretText], { attempts: 2 }));
    expect(gone.message).toMatch(/cannot be reached.*the last of 2 times\. Check that it runs/);
    const { url: silent } = await serve(
      () => undefined,
      () => undefined,
    );
    const late = await failure(embed(silent, [secretText], { attempts: 2, timeoutMilliseconds: 50 }));
    expect(late.message).toMatch(/did not answer within 50 ms/);
  });

  it("[Q9] takes nothing for a vector that is none", async () => {
    const raw =
      (body: string): Answering =>
      (response) =>
        void response.end(body);
    const wrong: readonly (readonly [Answering, RegExp])[] = [
      [raw("<html>not json</html>"), /no JSON/],
      [raw(""), /no JSON/],
      [raw('{"data":[{"index":0,"embedding":[NaN]}]}'), /no JSON/],
      [raw("null"), /without data/],
      [raw('{"data":{}}'), /without data/],
      [answering((data) => data.slice(1)), /2 texts with 1 vectors/],
      [answering((data) => [...data, ...data]), /2 texts with 4 vectors/],
      [answering((data) => data.map((one) => ({ ...one, index: 0 }))), /index/],
      [answering((data) => data.map((one) => ({ ...one, index: "0" }))), /index/],
      [answering((data) => data.map((one, at) => ({ ...one, index: at + 1 }))), /index/],
      [answering((data) => data.map((one, at) => ({ ...one, index: at + 0.5 }))), /index/],
      [answering((data) => data.map((one) => ({ ...one, embedding: [1, null] }))), /no vector/],
      [answering((data) => data.map((one) => ({ ...one, embedding: [1, "2"] }))), /no vector/],
      [answering((data) => data.map((one) => ({ ...one, embedding: [1e39, 1] }))), /no vector/],
      [answering((data) => data.map((one) => ({ ...one, embedding: [0, 0] }))), /no vector/],
      [answering((data) => data.map((one) => ({ ...one, embedding: [] }))), /no vector/],
      [answering((data) => data.map((one) => ({ ...one, embedding: "AAA=" }))), /no vector/],
      [answering((data) => data.map((one) => ({ ...one, embedding: "AADAfwAAgD8=" }))), /no vector/],
      [answering((data) => data.map(() => null)), /no vector/],
      [
        answering((data) => data.map((one, at) => ({ ...one, embedding: [1, 2, 3].slice(at) }))),
        /different lengths/,
      ],
      [raw(`{"data": "${"x".repeat(2_000_000)}"}`), /more than vectors take/],
    ];
    for (const [answer, told] of wrong) {
      const { url, sent } = await serve(answer);
      const error = await failure(embed(url, [secretText, "b"]));
      expect(error.code, String(told)).toBe("embedding_failed");
      expect(error.message).toMatch(told);
      expect(sent).toHaveLength(1);
    }
  });

  it("[Q9] one request that fails ends the others; a signal ends them all by its reason", async () => {
    const { url, sent } = await serve(status(400));
    await failure(
      embed(
        url,
        Array.from({ length: 50 }, (_, number) => `${number}`),
        { batch: 1, requests: 1 },
      ),
    );
    expect(sent.length).toBeLessThan(3);
    const stopping = new AbortController();
    const silent = await serve(() => void stopping.abort(new Error("stopped")));
    await expect(embed(silent.url, ["a"], {}, stopping.signal)).rejects.toThrow("stopped");
    await expect(embed(silent.url, ["a"], {}, stopping.signal)).rejects.toThrow("stopped");
    const pausing = new AbortController();
    const busy = await serve((response) => {
      response.writeHead(429, { "retry-after": "30" }).end();
      setTimeout(() => pausing.abort(new Error("stopped, too")), 20);
    });
    await expect(embed(busy.url, ["a"], {}, pausing.signal)).rejects.toThrow("stopped, too");
    expect(silent.sent).toHaveLength(1);
  });

  it("[Q9] refuses wrong options by name, and shows no key", async () => {
    const url = "http://127.0.0.1:1/v1";
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ url: "ftp://x" }, /http:/],
      [{ url: undefined }, /url/],
      [{ url: `http://user:${key}@host/v1` }, /user or a password/],
      [{ model: "" }, /model/],
      [{ key: `${key}\n` }, /key/],
      [{ headers: { "x-key": `${key}\n${key}` } }, /"x-key"/],
      [{ headers: { "x-key": undefined } }, /"x-key"/],
      [{ headers: { "bad name": "x" } }, /"bad name"/],
      [{ batch: 0 }, /batch/],
      [{ attempts: 1.5 }, /attempts/],
      [{ dimensions: 4_001 }, /dimensions/],
      [{ encoding: "hex" }, /encoding/],
      [{ timeout: 1 }, /no option "timeout"/],
    ];
    for (const [option, told] of wrong) {
      const error = await failure((async () => openAiEmbeddings({ ...quick, url, ...option }))());
      expect(error).toMatchObject({ code: "invalid_argument" });
      expect(error.message).toMatch(told);
    }
  });
});
