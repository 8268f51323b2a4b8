import { ContextbaseError } from "../../base/errors.ts";
import { parseJson } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";

const mediaType = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/**
 * The body of a request as JSON.
 * @throws ContextbaseError unsupported_media_type, too_large, invalid_json
 */
export const readJsonBody = async (request: Request): Promise<unknown> => {
  const type = request.headers.get("Content-Type");
  if (type === null || !mediaType.test(type.trim())) {
    const message = `The body is ${type === null ? "of no type" : JSON.stringify(type.slice(0, 200))}. Send JSON in UTF-8, with Content-Type: application/json.`;
    throw new ContextbaseError("unsupported_media_type", message);
  }
  return parseJson(decode(await readBytes(request)), "The body");
};

/** No more is read than is allowed, whatever Content-Length says. */
const readBytes = async (request: Request): Promise<Uint8Array> => {
  if (Number(request.headers.get("Content-Length")) > limits.httpBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.length;
      if (bytes > limits.httpBodyBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ContextbaseError) throw cause;
    throw new ContextbaseError("invalid_json", "The body broke off.", { cause });
  }
  return Buffer.concat(chunks);
};

const tooLarge = (): ContextbaseError =>
  new ContextbaseError("too_large", `A body takes up to ${limits.httpBodyBytes} bytes. Send it in parts.`, {
    details: { most: limits.httpBodyBytes },
  });

/** Bytes that are no UTF-8 are refused: replaced by U+FFFD, something else would be stored than was sent. */
const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ContextbaseError("invalid_json", "The body is not in UTF-8.", { cause });
  }
};
