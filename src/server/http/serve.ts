import { once } from "node:events";
import { createServer, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener, RequestError } from "@hono/node-server";
import { checkOptions, checkWhole } from "../../base/arguments.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { limits } from "../../base/limits.ts";
import type { Contextbase } from "../../store/contextbase.ts";
import { createHttpApp, type HttpOptions } from "./app.ts";
import { problemType, toContextbaseError, toProblem } from "./problem.ts";

export type ServeOptions = Pick<HttpOptions, "onError"> & {
  /** 127.0.0.1, ::1 or localhost. Left out: 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0 takes any that is free. Left out: 7700. */
  readonly port?: number | undefined;
};

export type HttpServer = AsyncDisposable & {
  /** Such as `http://127.0.0.1:7700`. */
  readonly url: string;
  /** Takes no more requests, ends streams, and waits for what is being answered. The store stays open. */
  readonly close: () => Promise<void>;
};

const hosts = ["127.0.0.1", "::1", "localhost"];

/**
 * Serves a store over HTTP, to this machine only.
 * @throws ContextbaseError invalid_argument, cannot_listen
 */
export const serve = async (
  base: Pick<Contextbase, "as">,
  options: ServeOptions = {},
): Promise<HttpServer> => {
  checkOptions("serve", options, ["host", "port", "onError"]);
  const { host = "127.0.0.1", port = 7700, onError } = options;
  checkHost(host);
  checkWhole("port", port, 0, 65_535);
  const streams = new AbortController();
  const app = createHttpApp(base, { onError, signal: streams.signal });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: refuse });
  const server = createServer({ maxHeaderSize: limits.httpHeaderBytes }, listener);
  server.on("clientError", refuseUnread);
  server.maxConnections = limits.httpConnections;
  const bound = await listen(server, host, port);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    streams.abort();
    closing ??= closeGracefully(server);
    return closing;
  };
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
  return { url, close, [Symbol.asyncDispose]: close };
};

const checkHost = (host: unknown): void => {
  if (typeof host === "string" && hosts.includes(host)) return;
  const message = `host is ${JSON.stringify(host)}. Only this machine is served, since nobody is asked who they are: ${hosts.join(", ")}.`;
  throw new ContextbaseError("invalid_argument", message);
};

/** @returns the port */
const listen = async (server: Server, host: string, port: number): Promise<number> => {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw cannotListen(host, port, cause);
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
};

const cannotListen = (host: string, port: number, cause: unknown): ContextbaseError => {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "Another program listens there. End it, or choose another port",
    EACCES: "This user may not. Choose a port from 1024",
    EADDRNOTAVAIL: "This machine does not have that address. Choose another host",
  };
  const message = `Cannot listen on port ${port} of ${host}. ${reasons[code] ?? code}.`;
  return new ContextbaseError("cannot_listen", message, { cause, details: { host, port } });
};

/** Answers where the app did not come to it: no Host, a target that is no URL, or a defect. */
const refuse = (cause: unknown): Response => {
  const error = cause instanceof RequestError ? unreadable(cause) : toContextbaseError(cause);
  return new Response(textOf(error), { status: error.status, headers: { "Content-Type": problemType } });
};

/** What is no HTTP never came to be a request, so that the answer is written by hand. */
const refuseUnread = (cause: Error, socket: Duplex): void => {
  if (!socket.writable) return;
  const error =
    "code" in cause && cause.code === "HPE_HEADER_OVERFLOW" ? headerTooLarge(cause) : unreadable(cause);
  const text = textOf(error);
  const head = `Content-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close`;
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${head}\r\n\r\n${text}`, () =>
    socket.destroy(),
  );
};

const headerTooLarge = (cause: Error): ContextbaseError => {
  const message = `The url and the headers of a request may take ${limits.httpHeaderBytes} bytes together. A long filter goes into a body: POST …/list, …/count or …/search.`;
  return new ContextbaseError("header_too_large", message, { cause });
};

const unreadable = (cause: Error): ContextbaseError =>
  new ContextbaseError("invalid_argument", `The request cannot be read: ${cause.message}.`, { cause });

const textOf = (error: ContextbaseError): string => `${JSON.stringify(toProblem(error))}\n`;

/** How often connections are looked for that have answered their last request. */
const sweepMilliseconds = 20;

const closeGracefully = async (server: Server): Promise<void> => {
  const closed = once(server, "close");
  server.close();
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMilliseconds);
  const late = setTimeout(() => server.closeAllConnections(), limits.httpCloseMilliseconds);
  await closed;
  clearInterval(sweep);
  clearTimeout(late);
};
