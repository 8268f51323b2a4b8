import { checkName, checkOptions, checkWhole } from "../../base/arguments.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { show } from "../../base/show.ts";
import type { Endpoint } from "./request.ts";

export type OpenAiEmbeddingsOptions = {
  /** Where the API begins, such as `https://api.openai.com/v1` or, for Ollama, `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  /** The model as the server calls it. Vectors of two models are never compared. */
  readonly model: string;
  /** Sent as a bearer token. Left out: none is sent. */
  readonly key?: string | undefined;
  /** Asks for vectors of this length, where the model can be asked. Left out: its own. */
  readonly dimensions?: number | undefined;
  /** How the server is asked to write vectors. Left out: it chooses; both are understood. */
  readonly encoding?: "float" | "base64" | undefined;
  /** Texts in one request. Left out: 128. */
  readonly batch?: number | undefined;
  /** Bytes of text in one request of several texts. Left out: 256 KiB. */
  readonly batchBytes?: number | undefined;
  /** Requests on their way at one moment. Left out: 4. */
  readonly requests?: number | undefined;
  /** How long one request may take. Left out: 60 seconds. */
  readonly timeoutMilliseconds?: number | undefined;
  /** How often a request is tried where the server has no time, or is not there. Left out: 5. */
  readonly attempts?: number | undefined;
  /** The pause before the second try, which doubles with each one after. Left out: half a second. */
  readonly pauseMilliseconds?: number | undefined;
  /** More to send with each request, such as `{ "api-key": … }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** What was given, checked, and what was left out. */
export type CheckedEmbedder = Endpoint & {
  readonly model: string;
  readonly batch: number;
  readonly batchBytes: number;
  readonly requests: number;
  readonly attempts: number;
  readonly pauseMilliseconds: number;
};

const known: readonly (keyof OpenAiEmbeddingsOptions)[] = [
  "url",
  "model",
  "key",
  "dimensions",
  "encoding",
  "batch",
  "batchBytes",
  "requests",
  "timeoutMilliseconds",
  "attempts",
  "pauseMilliseconds",
  "headers",
];

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

/** The address of the embeddings, whether the url names it or where the API begins. */
const checkUrl = (value: unknown): string => {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw invalid("openAiEmbeddings needs a url that begins with http:// or https://.");
  if (url.username !== "" || url.password !== "")
    throw invalid("The url of openAiEmbeddings holds a user or a password. Give key or headers instead.");
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith("/embeddings") ? path : `${path}/embeddings`;
  url.hash = "";
  return url.href;
};

/** Neither the key nor a header is shown, whatever is wrong with it. */
const checkHeaders = (key: unknown, given: unknown): Headers => {
  if (key !== undefined && (typeof key !== "string" || !/^[\x21-\x7e]+$/.test(key)))
    throw invalid(
      "The key of openAiEmbeddings must be a text without spaces. Leave it out where none is needed.",
    );
  if (given !== undefined && !isObject(given))
    throw invalid("headers of openAiEmbeddings must be an object.");
  const headers = new Headers();
  for (const [name, value] of Object.entries(given ?? {})) {
    try {
      headers.set(name, typeof value === "string" ? value : "\0");
    } catch {
      throw invalid(`The header ${show(name)} of openAiEmbeddings cannot be sent.`);
    }
  }
  headers.set("content-type", "application/json");
  if (typeof key === "string") headers.set("authorization", `Bearer ${key}`);
  return headers;
};

const checkCount = (name: string, value: number | undefined, usual: number, most: number): number =>
  value === undefined ? usual : checkWhole(`${name} of openAiEmbeddings`, value, 1, most);

/** @throws ContextbaseError invalid_argument */
export const checkEmbedder = (options: OpenAiEmbeddingsOptions): CheckedEmbedder => {
  checkOptions("openAiEmbeddings", options, known);
  const { dimensions, encoding, batch, batchBytes, requests, attempts, pauseMilliseconds } = options;
  const model = checkName("model of openAiEmbeddings", options.model);
  if (dimensions !== undefined)
    checkWhole("dimensions of openAiEmbeddings", dimensions, 1, limits.embeddingDimensions);
  if (encoding !== undefined && encoding !== "float" && encoding !== "base64")
    throw invalid(`encoding of openAiEmbeddings is ${show(encoding)}. It must be "float" or "base64".`);
  const { embedderMilliseconds, embedderPauseMilliseconds, embedderWaitMilliseconds } = limits;
  return {
    url: checkUrl(options.url),
    model,
    headers: checkHeaders(options.key, options.headers),
    settings: {
      model,
      ...(dimensions !== undefined && { dimensions }),
      ...(encoding !== undefined && { encoding_format: encoding }),
    },
    batch: checkCount("batch", batch, limits.embedderTextsDefault, limits.embedderTexts),
    batchBytes: checkCount("batchBytes", batchBytes, limits.embedderBytesDefault, limits.embedderBytes),
    requests: checkCount("requests", requests, limits.embedderRequestsDefault, limits.embedderRequests),
    timeoutMilliseconds: checkCount(
      "timeoutMilliseconds",
      options.timeoutMilliseconds,
      embedderMilliseconds,
      2 ** 31 - 1,
    ),
    attempts: checkCount("attempts", attempts, limits.embedderAttempts, 100),
    pauseMilliseconds: checkCount(
      "pauseMilliseconds",
      pauseMilliseconds,
      embedderPauseMilliseconds,
      embedderWaitMilliseconds,
    ),
  };
};
