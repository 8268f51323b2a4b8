import { type Context, Hono } from "hono";
import { checkOptions } from "../../base/arguments.ts";
import { ContextbaseError } from "../../base/errors.ts";
import type { Contextbase } from "../../store/contextbase.ts";
import { operations } from "../operations.ts";
import { createHandler } from "./handler.ts";
import { checkLoopback } from "./loopback.ts";
import { describeApi } from "./openapi.ts";
import { problemType, toContextbaseError, toProblem } from "./problem.ts";
import { sendJson } from "./send.ts";
import { createStreamHandler } from "./stream-handler.ts";
import { createStreams } from "./streams.ts";

export type HttpOptions = {
  /** Is told every failure of the server's own: defects, and a store that cannot be used. Left out: stderr. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Ends what is streamed; a server that closes fires it first, or waits for streams that have no end. */
  readonly signal?: AbortSignal | undefined;
};

/** What operations stand below. */
const root = "/v1";

/**
 * The HTTP interface of a store, as a Hono app. What is written through it has the actor `http`.
 * @throws ContextbaseError invalid_argument
 */
export const createHttpApp = (base: Pick<Contextbase, "as">, options: HttpOptions = {}): Hono => {
  checkOptions("createHttpApp", options, ["onError", "signal"]);
  const onError = options.onError ?? console.error;
  const report = (error: ContextbaseError, cause: unknown): void => {
    if (error.status >= 500) onError(error.code === "internal" ? cause : error);
  };
  const streams = createStreams(options.signal);
  const view = base.as({ id: "http" });
  // The path stays encoded: an id may hold a slash, and is decoded only once its segment is found.
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname });

  app.use(async (c, next) => {
    for (const [name, value] of headers) c.header(name, value);
    checkLoopback(c.req.raw.headers, c.req.url);
    await next();
  });
  for (const operation of operations) {
    const path = root + operation.path;
    const handler =
      "open" in operation
        ? createStreamHandler(view, operation, path, { streams, report })
        : createHandler(view, operation, path);
    app.on(operation.method, toHonoPath(path), handler);
  }
  app.get("/livez", (c) => sendJson(c, { status: "live" }, 200));
  app.get("/readyz", async (c) => {
    // Any read will do: it shows that the store is open and answers.
    await view.findWrite("readyz");
    return sendJson(c, { status: "ready" }, 200);
  });
  const api = describeApi(operations, root, [...view.components.keys()]);
  app.get("/openapi.json", (c) => sendJson(c, api, 200));

  refuseOtherMethods(app);
  app.notFound((c) => {
    const message = `${c.req.method} ${c.req.path.slice(0, 200)} is no route. GET /openapi.json tells all.`;
    throw new ContextbaseError("not_found", message);
  });
  app.onError((cause, c) => {
    const error = toContextbaseError(cause);
    report(error, cause);
    const problem = toProblem(error);
    return sendJson(c, problem, problem.status, problemType);
  });
  return app;
};

/** Nothing here is to be kept by a cache on a disk, framed, guessed at, or read by another site. */
const headers: readonly (readonly [string, string])[] = [
  ["Cache-Control", "no-store"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["X-Content-Type-Options", "nosniff"],
];

const toHonoPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

/** Routes so far, by path: any other method on them is answered with those that there are. */
const refuseOtherMethods = (app: Hono): void => {
  const routes = app.routes.filter(({ method }) => method !== "ALL");
  for (const path of new Set(routes.map((route) => route.path))) {
    const own = routes.filter((route) => route.path === path).map((route) => route.method);
    const allowed = (own.includes("GET") ? ["GET", "HEAD", ...own.slice(1)] : own).join(", ");
    app.all(path, (c: Context) => {
      c.header("Allow", allowed);
      const message = `${c.req.method} cannot be done on ${c.req.path.slice(0, 200)}. It takes: ${allowed}.`;
      throw new ContextbaseError("method_not_allowed", message);
    });
  }
};
