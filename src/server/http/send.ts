import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Answers with JSON, ended by a newline for those who read it in a terminal. */
export const sendJson = (
  c: Context,
  value: unknown,
  status: ContentfulStatusCode,
  type = "application/json",
): Response => c.body(`${JSON.stringify(value)}\n`, status, { "Content-Type": type });
