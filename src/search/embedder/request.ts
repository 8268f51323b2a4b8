import type { Clock } from "../../base/clock.ts";
import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { readAnswer } from "./answer.ts";
import { type Refusal, refusedBy } from "./refusal.ts";

/** Where requests go, and with what. */
export type Endpoint = {
  readonly url: string;
  readonly headers: Headers;
  /** What every request says beside its texts: the model and its options. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly timeoutMilliseconds: number;
};

export type Requested = { readonly vectors: Float32Array[] } | Refusal;

/** A number of an answer takes no more characters than this, and what is around the vectors no more than that. */
const numberCharacters = 32;
const frameBytes = 64 * 1024;

class TooLarge extends Error {}

/** @throws TooLarge, and what the connection throws */
const readText = async (response: Response, mostBytes: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A server's own word for an error; never a sentence, in which it might repeat what it was sent. */
const readCode = async (response: Response): Promise<string | undefined> => {
  const body = parse(await readText(response, limits.embedderErrorBytes).catch(() => ""));
  const error = isObject(body) && isObject(body.error) ? body.error : undefined;
  return [error?.code, error?.type].find(
    (word): word is string => typeof word === "string" && /^[a-z]+(_[a-z]+)+$/.test(word),
  );
};

/** Seconds, or a date (RFC 9110, 10.2.3). */
const readRetryAfter = (value: string | null, clock: Clock): number | undefined => {
  if (value === null) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - clock();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
};

/** What the system calls a lost connection, such as ECONNREFUSED. */
const codeOf = (cause: unknown): string => {
  const beneath = cause instanceof Error ? cause.cause : undefined;
  const code = isObject(beneath) ? beneath.code : undefined;
  return typeof code === "string" && /^[A-Z_]+$/.test(code) ? ` (${code})` : "";
};

const lost = (cause: unknown, timeout: AbortSignal, { timeoutMilliseconds }: Endpoint): Refusal => {
  if (cause instanceof TooLarge)
    return { problem: "answered with more than vectors take", mend: "Check the url.", passes: false };
  const mend = "Check that it runs and can be reached.";
  if (timeout.aborted)
    return { problem: `did not answer within ${timeoutMilliseconds} ms`, mend, passes: true };
  return { problem: `cannot be reached, or broke off${codeOf(cause)}`, mend, passes: true };
};

/**
 * One request for the vectors of some texts.
 * @throws the signal's reason
 */
export const request = async (
  endpoint: Endpoint,
  texts: readonly string[],
  signal: AbortSignal,
  clock: Clock,
): Promise<Requested> => {
  signal.throwIfAborted();
  const { url, headers, settings, timeoutMilliseconds } = endpoint;
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify({ ...settings, input: texts }),
      signal: AbortSignal.any([signal, timeout]),
      // The key and the texts are for this server alone.
      redirect: "manual",
    });
    if (!response.ok) {
      const wait = readRetryAfter(response.headers.get("retry-after"), clock);
      return refusedBy(response.status, await readCode(response), wait);
    }
    const most = texts.length * limits.embeddingDimensions * numberCharacters + frameBytes;
    const body = parse(await readText(response, most));
    if (body === undefined)
      return { problem: "answered with what is no JSON", mend: "Check the url.", passes: false };
    const answer = readAnswer(body, texts.length);
    if ("vectors" in answer) return answer;
    return { ...answer, mend: "Check that the model is one for embeddings.", passes: false };
  } catch (cause) {
    signal.throwIfAborted();
    return lost(cause, timeout, endpoint);
  }
};
