import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { type Contextbase, defineComponent, openContextbase } from "contextbase";
import type { Hono } from "hono";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { errorTable } from "../../src/base/error-table.ts";
import { createHttpApp } from "../../src/server/index.ts";
import * as outputs from "../../src/server/outputs.ts";

/** Declares nothing: any type, any JSON object. */
export const Note = defineComponent({ name: "Note" });

export const Customer = defineComponent({
  name: "Customer",
  types: { profile: z.strictObject({ name: z.string() }) },
  metadata: z.strictObject({ source: z.string() }).partial(),
  embeddings: { dimensions: 3 },
});

const thing = z.object({ throws: z.string() })["~standard"];

/** Has a check with a defect: it throws what it is told to. */
export const Faulty = defineComponent({
  name: "Faulty",
  types: {
    thing: {
      "~standard": {
        ...thing,
        validate: (value) => {
          const told = z.object({ throws: z.string() }).safeParse(value).data?.throws;
          if (told === "error") throw new Error("the secret of the check");
          if (told === "text") throw "the secret of the check";
          return thing.validate(value);
        },
      },
    },
  },
});

export type Opened = { readonly base: Contextbase; readonly app: Hono; readonly errors: unknown[] };

/** A new store in memory with its HTTP interface; what that reports is gathered in `errors`. */
export const open = async (): Promise<Opened> => {
  const base = await openContextbase({ url: ":memory:", components: [Note, Customer, Faulty] });
  onTestFinished(() => base.close());
  const errors: unknown[] = [];
  return { base, app: createHttpApp(base, { onError: (error) => errors.push(error) }), errors };
};

export const notes = "/v1/components/Note/contexts";

/** The options of a request with a JSON body. */
export const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { "Content-Type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

export const note = (text: string): { type: string; content: { text: string } } => ({
  type: "note",
  content: { text },
});

const problem = z.strictObject({
  type: z.string().startsWith("urn:contextbase:error:"),
  title: z.string().min(1),
  status: z.int().min(400),
  detail: z.string().min(1),
  code: z.string().refine((code) => code in errorTable),
  component: z.string().optional(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()),
});

export const contextOf = async (answer: Response) => outputs.context.parse(await answer.json());
export const contextsOf = async (answer: Response) => outputs.contextPage.parse(await answer.json());
export const historyOf = async (answer: Response) => outputs.historyPage.parse(await answer.json());
export const problemOf = async (answer: Response) => problem.parse(await answer.json());
export const parseProblem = (text: string) => problem.parse(JSON.parse(text));

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** A request over a socket, its target sent just as it is given. */
export const send = (
  url: string,
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, "");
    const request = httpRequest({ host, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
