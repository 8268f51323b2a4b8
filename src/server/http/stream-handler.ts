import { ServerResponse } from "node:http";
import type { Context, Handler } from "hono";
import { accepts } from "hono/accepts";
import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import type { ContextbaseView } from "../../store/contextbase.ts";
import type { Streaming } from "../operation.ts";
import { createReadInput } from "./input.ts";
import { toContextbaseError, toProblem } from "./problem.ts";
import { createBody } from "./stream-body.ts";
import { eventStream, jsonLines, type StreamFormat } from "./stream-formats.ts";
import type { Streams } from "./streams.ts";

export type StreamParts = {
  readonly streams: Streams;
  /** Is told what ends a stream though it is not the client's doing. */
  readonly report: (error: ContextbaseError, cause: unknown) => void;
};

/** The route of an operation that streams. What goes wrong before the first byte is answered as a problem. */
export const createStreamHandler = (
  base: ContextbaseView,
  operation: Streaming,
  path: string,
  { streams, report }: StreamParts,
): Handler => {
  const readInput = createReadInput(operation, path);

  return async (c) => {
    const format = formatOf(c);
    const input = await readInput(c.req.raw);
    const last = readLastId(c.req.raw.headers);
    if (last !== undefined) input.after = last;
    const { signal, leave } = streams.enter();
    c.req.raw.signal.addEventListener("abort", leave, { signal });
    try {
      const stream = await operation.open(base, input, signal);
      for (const [name, value] of headersOf(format)) c.header(name, value);
      // Nobody would read, nor cancel, the body of an answer to HEAD.
      if (c.req.method === "HEAD") {
        leave();
        return c.body(null);
      }
      signal.addEventListener("abort", () => dropLater(c));
      const fail = (cause: unknown): string => {
        const error = toContextbaseError(cause);
        report(error, cause);
        return format.problem(toProblem(error));
      };
      return c.body(createBody(stream, format, { signal, leave, fail }));
    } catch (cause) {
      leave();
      throw cause;
    }
  };
};

/** Lines of JSON, unless events are asked for. */
const formatOf = (c: Context): StreamFormat => {
  const formats = [jsonLines, eventStream];
  const type = accepts(c, {
    header: "Accept",
    supports: formats.map((format) => format.type),
    default: jsonLines.type,
  });
  return formats.find((format) => format.type === type) ?? jsonLines;
};

/** A proxy that gathers or compresses would hold back what is to be told at once. */
const headersOf = ({ type }: StreamFormat): readonly (readonly [string, string])[] => [
  ["Content-Type", type],
  ["Cache-Control", "no-store, no-transform"],
  ["X-Accel-Buffering", "no"],
];

/** Where an event source was cut off, it comes again with the same URL and this header, which then counts more. */
const readLastId = (headers: Headers): number | undefined => {
  const text = headers.get("Last-Event-ID");
  if (text === null) return undefined;
  if (/^(?:0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  const message = `Last-Event-ID is ${JSON.stringify(text.slice(0, 100))}. It must be the id of an event: a position.`;
  throw new ContextbaseError("invalid_argument", message);
};

/** A reader that does not read would keep its connection, and with it a server that closes, waiting for its end. */
const dropLater = (c: Context): void => {
  const response: unknown = isObject(c.env) ? c.env.outgoing : undefined;
  if (!(response instanceof ServerResponse)) return;
  const drop = (): void => {
    if (!response.writableFinished) response.destroy();
  };
  setTimeout(drop, limits.httpStreamCloseMilliseconds).unref();
};
