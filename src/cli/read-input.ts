import { addAbortSignal } from "node:stream";
import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";

/**
 * All of stdin as text.
 * @param what is missing where nothing is piped in
 * @throws ContextbaseError invalid_argument where stdin is a terminal, too_large, invalid_json
 */
export const readInput = async (what: string, signal: AbortSignal): Promise<string> => {
  if (process.stdin.isTTY) {
    throw new ContextbaseError(
      "invalid_argument",
      `There is no ${what}. Give it as an argument, or pipe it in.`,
    );
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of addAbortSignal(signal, process.stdin)) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > limits.inputLineBytes) {
      const message = `The ${what} takes more than ${limits.inputLineBytes} bytes. Split it into several contexts.`;
      throw new ContextbaseError("too_large", message);
    }
  }
  return decodeInput(Buffer.concat(chunks), `The ${what}`);
};

/** @throws ContextbaseError invalid_json where it is no UTF-8 */
export const decodeInput = (bytes: Uint8Array, what: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ContextbaseError("invalid_json", `${what} is no UTF-8.`, { cause });
  }
};
