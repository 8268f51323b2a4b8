import { createServer } from "node:http";
import { connect } from "node:net";
import { type Contextbase, openContextbase } from "contextbase";
import { describe, expect, it, onTestFinished } from "vitest";
import { limits } from "../../src/base/limits.ts";
import { type HttpServer, serve } from "../../src/server/index.ts";
import { temporaryFolder } from "../contract/engines.ts";
import { Note, note, notes, parseProblem, send } from "./fixture.ts";

/** A server on a free port, over a store in a file. */
const start = async (): Promise<{ base: Contextbase; server: HttpServer; url: string }> => {
  const base = await openContextbase({ url: `file:${temporaryFolder()}/store.db`, components: [Note] });
  const server = await serve(base, { port: 0 });
  onTestFinished(async () => {
    await server.close();
    await base.close();
  });
  return { base, server, url: server.url };
};

const putJson = (url: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(url, "PUT", path, {
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

const hostileIds = [
  "a/b", "/", "//", "a/", "../x", "./..", "...", "%", "%2F", "%252e", "%%", "%zz", "?a=b", "#a", "a b", " ", "+",
  "\\", "a\\b", ";a=1", ":", "*", "{id}", "a:b@c", "'; DROP TABLE contexts; --", '"', "<script>", "__proto__",
  "constructor", "toString", "contexts", "versions", "1", "ü", "e\u0301", "日本語", "😀", "\u202e", "\ufeff", "\u0001",
  "\n", "\r\nX: y", "\t", "\u007f", "\u0080", "\uffff", "x".repeat(512), "😀".repeat(128),
]; // biome-ignore format: a list

describe("a url", () => {
  it("[H2] that is too long is refused as such, with the way out, which takes its filter", async () => {
    const { base, url } = await start();
    await base.store(Note).storeContext({ id: "b", ...note("b") });
    const where = (ids: number) => ({
      id: { $in: ["b", ...Array.from({ length: ids }, (_, id) => `${id}`)] },
    });
    const get = (filter: object) =>
      send(url, "GET", `${notes}?where=${encodeURIComponent(JSON.stringify(filter))}`);
    expect((await get(where(900))).status).toBe(200);
    const long = { id: { $in: ["x".repeat(limits.httpHeaderBytes), "b"] } };
    const refused = await get(long);
    expect(refused.status).toBe(431);
    expect(parseProblem(refused.text)).toMatchObject({
      code: "header_too_large",
      detail: expect.stringContaining("POST …/list"),
    });
    const posted = await send(url, "POST", "/v1/components/Note/list", {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ where: long }),
    });
    expect(JSON.parse(posted.text).contexts).toMatchObject([{ id: "b" }]);
  });
});

describe("ids", () => {
  it("[H4] are one percent-encoded segment, whatever they hold", async () => {
    const { base, url } = await start();
    for (const id of hostileIds) {
      const path = `${notes}/${encodeURIComponent(id)}`;
      const put = await putJson(url, path, note(id));
      expect([id, put.status]).toEqual([id, 201]);
      expect(JSON.parse(put.text).id).toBe(id);
      expect((await base.store(Note).getContext(id)).content).toEqual({ text: id });
      const get = await send(url, "GET", path);
      expect(JSON.parse(get.text).content).toEqual({ text: id });
      expect((await send(url, "GET", `${path}/versions`)).status).toBe(200);
      expect((await send(url, "GET", `${path}/versions/1`)).text).toBe(get.text);
      expect((await send(url, "DELETE", path)).status).toBe(204);
      const post = await send(url, "POST", notes, {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id, ...note("anew") }),
      });
      expect([id, post.status]).toEqual([id, 201]);
      const location = String(post.headers.location);
      expect(JSON.parse((await send(url, "GET", location)).text)).toMatchObject({ id, version: 3 });
    }
    const { contexts } = await base.store(Note).listContexts({ limit: 1000 });
    expect(new Set(contexts.map(({ id }) => id))).toEqual(new Set(hostileIds));
  });

  it("[H4] that are none are refused, and nothing is stored", async () => {
    const { base, url } = await start();
    for (const segment of ["%ff", "%ed%a0%80", "%", "%zz", "%2", "%c3", "%00", "%C0%AF", "x".repeat(513)]) {
      const answer = await putJson(url, `${notes}/${segment}`, note("x"));
      expect([segment, answer.status]).toEqual([segment, expect.toBeOneOf([400, 422])]);
      expect(parseProblem(answer.text).code).toBeOneOf(["invalid_argument", "invalid_context"]);
    }
    for (const segment of [".", "..", "%2e", "%2E%2e"]) {
      const answer = await putJson(url, `${notes}/${segment}`, note("x"));
      expect([segment, answer.status]).toEqual([segment, expect.toBeOneOf([400, 404, 405])]);
    }
    expect((await base.store(Note).listContexts()).contexts).toEqual([]);
  });
});

describe("who may ask", () => {
  it("[H3] a Host that is not this machine is refused", async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const own = [
      `127.0.0.1:${port}`,
      "localhost",
      `LOCALHOST:${port}`,
      "[::1]",
      `[::1]:${port}`,
      "127.0.0.1:1",
    ];
    for (const host of own) {
      expect([host, (await send(url, "GET", "/livez", { headers: { Host: host } })).status]).toEqual([
        host,
        200,
      ]);
    }
    const others = [
      "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "localhost.", "0.0.0.0", "127.0.0.2",
      "[::]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "localhost:80@evil.example", "evil.example#localhost",
    ]; // biome-ignore format: a list
    for (const host of others) {
      const answer = await send(url, "GET", "/livez", { headers: { Host: host } });
      expect([host, answer.status]).toEqual([host, expect.toBeOneOf([400, 403])]);
      expect(parseProblem(answer.text).code).toBeOneOf(["forbidden_origin", "invalid_argument"]);
    }
  });

  it("[H3] an Origin that is not this machine is refused, on every route, and nothing happens", async () => {
    const { base, url } = await start();
    for (const origin of ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:8080"]) {
      expect((await send(url, "GET", "/livez", { headers: { Origin: origin } })).status).toBe(200);
    }
    for (const origin of [
      "null",
      "",
      "http://evil.example",
      "http://localhost.evil.example",
      "file://localhost",
    ]) {
      const answer = await putJson(url, `${notes}/a`, note("x"), { Origin: origin });
      expect([origin, answer.status]).toEqual([origin, 403]);
      expect(parseProblem(answer.text).code).toBe("forbidden_origin");
      expect((await send(url, "GET", "/nowhere", { headers: { Origin: origin } })).status).toBe(403);
    }
    expect((await base.store(Note).listContexts()).contexts).toEqual([]);
  });

  it("[H3] an absolute target of another host is refused", async () => {
    const { url } = await start();
    const answer = await send(url, "GET", "http://evil.example/livez", { headers: { Host: "localhost" } });
    expect(answer.status).toBe(403);
  });
});

describe("what is no request", () => {
  it("[H2] is told as a problem, too", async () => {
    const { url } = await start();
    const unread = [
      "nonsense\r\n\r\n",
      `GET ${notes}/ü HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      "GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET /livez HTTP/1.0\r\n\r\n",
      "GET livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
      `PUT ${notes}/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      "GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ];
    for (const text of unread) {
      const answer = await exchange(url, text);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(parseProblem(answer.split("\r\n\r\n")[1] ?? "").code).toBe("invalid_argument");
    }
    const long = await exchange(
      url,
      `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
    );
    expect(long).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(parseProblem(long.split("\r\n\r\n")[1] ?? "").code).toBe("header_too_large");
    expect((await send(url, "GET", "/livez")).status).toBe(200);
  });
});

describe("bodies", () => {
  it("[H2] over the limit are refused while they come in, with and without a Content-Length", async () => {
    const { url } = await start();
    const declared = await refusedUpload(url, `Content-Length: ${limits.httpBodyBytes + 1}`, () => "");
    expect(declared).toMatch(/^HTTP\/1\.1 413 /);
    expect(declared).toContain('"code":"too_large"');
    const block = "x".repeat(1024 * 1024);
    const chunk = `${block.length.toString(16)}\r\n${block}\r\n`;
    const streamed = await refusedUpload(url, "Transfer-Encoding: chunked", () => chunk);
    expect(streamed).toMatch(/^HTTP\/1\.1 413 /);
    expect(streamed).toContain('"code":"too_large"');
  });

  it("that break off are forgotten, and the server goes on", async () => {
    const { base, url } = await start();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const head = `PUT ${notes}/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}Content-Length: 100\r\n\r\n{"type":"t","content":{}}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await send(url, "GET", "/readyz")).status).toBe(200);
    expect(await base.store(Note).retrieveContext("a")).toBeUndefined();
  });

  it("of 2 MB are stored and read back equal", async () => {
    const { url } = await start();
    const text = 'ä\u2028😀\\"'.repeat(200_000);
    expect((await putJson(url, `${notes}/big`, note(text))).status).toBe(201);
    expect(JSON.parse((await send(url, "GET", `${notes}/big`)).text).content).toEqual({ text });
  });
});

describe("serve", () => {
  it("binds this machine's own addresses only", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Note] });
    for (const host of ["0.0.0.0", "::", "192.168.0.1", "example.com", "", "127.0.0.2"]) {
      const refused = serve(base, { host, port: 0 });
      await expect(refused).rejects.toMatchObject({ code: "invalid_argument", message: /Only this machine/ });
    }
    for (const port of [-1, 65_536, 1.5, Number.NaN]) {
      await expect(serve(base, { port })).rejects.toMatchObject({ code: "invalid_argument" });
    }
    await expect(serve(base, Object.assign({ port: 0 }, { hots: "x" }))).rejects.toThrow(/hots/);
    await using server = await serve(base, { host: "localhost", port: 0 });
    expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  });

  it("says so where the port is taken", async () => {
    await using base = await openContextbase({ url: ":memory:", components: [Note] });
    await using server = await serve(base, { port: 0 });
    const port = Number(new URL(server.url).port);
    await expect(serve(base, { port })).rejects.toMatchObject({
      code: "cannot_listen",
      details: { host: "127.0.0.1", port },
      message: expect.stringContaining(`port ${port}`),
    });
  });

  it("leaves the globals of the process as they are", async () => {
    const before = [Request, Response];
    await start();
    expect([Request, Response]).toEqual(before);
  });

  it("closes once what is being answered is answered, and frees the port", async () => {
    const { server, url } = await start();
    const writes = Array.from({ length: 20 }, (_, at) => putJson(url, `${notes}/${at}`, note("x")));
    await Promise.race(writes);
    const [answers] = await Promise.all([Promise.allSettled(writes), server.close(), server.close()]);
    for (const answer of answers) {
      if (answer.status === "fulfilled") expect(answer.value.status).toBe(201);
    }
    await expect(send(url, "GET", "/livez")).rejects.toThrow();
    const next = createServer();
    await new Promise<void>((resolve) => next.listen(Number(new URL(url).port), "127.0.0.1", resolve));
    next.close();
  });
});

/** Sends a text as it is, and gives what comes back until the server ends, or a body is there. */
const exchange = (url: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString("utf8");
      if (answer.includes("}")) socket.destroy();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
    socket.write(text);
  });

/** Sends a body without end until the server answers, and gives the answer. */
const refusedUpload = (url: string, header: string, nextChunk: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let answer = "";
    const push = (): void => {
      if (answer !== "" || socket.destroyed) return;
      const chunk = nextChunk();
      if (chunk !== "") socket.write(chunk, push);
    };
    socket.on("data", (data) => {
      answer += data.toString("utf8");
      if (!answer.includes('"code"')) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
    socket.on("end", () => resolve(answer));
    socket.write(
      `PUT ${notes}/a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${header}\r\n\r\n`,
    );
    push();
  });
