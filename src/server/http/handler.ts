import type { Context, Handler } from "hono";
import { ContextbaseError } from "../../base/errors.ts";
import type { ContextbaseView } from "../../store/contextbase.ts";
import type { Answering, Guard, Outcome } from "../operation.ts";
import { type Conditions, failing, preconditionFailed, readConditions, tagOf } from "./conditions.ts";
import { createReadInput } from "./input.ts";
import { sendJson } from "./send.ts";

/**
 * The route of an operation: its input from a request, an answer from its outcome.
 * @param path the path of the operation with what stands before it
 */
export const createHandler = (base: ContextbaseView, operation: Answering, path: string): Handler => {
  const readInput = createReadInput(operation, path);

  const handle = async (c: Context): Promise<Response> => {
    const conditions = readConditions(c.req.raw.headers);
    const guard = conditions && guardOf(operation, conditions);
    const outcome = await operation.call(base, await readInput(c.req.raw), guard);
    if (operation.method !== "GET" || !conditions || outcome.version === undefined) return answer(c, outcome);
    const failed = failing(conditions, outcome.version);
    if (failed === "If-Match") throw preconditionFailed(failed, outcome.version);
    return failed ? c.body(null, 304, { ETag: tagOf(outcome.version) }) : answer(c, outcome);
  };

  return async (c) => {
    try {
      return await handle(c);
    } catch (cause) {
      // The check of a schema may throw anything; Hono handles errors only.
      throw cause instanceof Error ? cause : new Error("What was thrown is no error.", { cause });
    }
  };
};

const guardOf = ({ name, method, guarded }: Answering, conditions: Conditions): Guard | undefined => {
  if (method === "GET") return undefined;
  if (!guarded) {
    const message = `${name} takes neither If-Match nor If-None-Match. Name versions in the body instead.`;
    throw new ContextbaseError("invalid_argument", message);
  }
  return (current) => {
    const failed = failing(conditions, current);
    if (failed) throw preconditionFailed(failed, current);
  };
};

const answer = (c: Context, { value, version, created }: Outcome): Response => {
  if (value === undefined) return c.body(null, 204);
  if (version !== undefined) c.header("ETag", tagOf(version));
  if (created === undefined) return sendJson(c, value, 200);
  // Without it the path of the request is what was created.
  if (c.req.method === "POST") c.header("Location", `${c.req.path}/${encodeURIComponent(created)}`);
  return sendJson(c, value, 201);
};
