import { ContextbaseError } from "../base/errors.ts";
import { limits } from "../base/limits.ts";
import { decodeInput } from "./read-input.ts";

export type Line = { readonly number: number; readonly text: string };

const newline = 0x0a;

/**
 * The lines of a stream of UTF-8, one at a time; blank ones are left out, but counted.
 * @throws ContextbaseError too_large, invalid_json, each with the line's number
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  let begun: Buffer[] = [];
  let bytes = 0;

  const finish = (): Line => {
    number++;
    const text = decodeInput(Buffer.concat(begun), `Line ${number}`);
    begun = [];
    bytes = 0;
    return { number, text };
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      begun.push(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (line.text.trim() !== "") yield line;
    }
    begun.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > limits.inputLineBytes) {
      const message = `Line ${number + 1} takes more than ${limits.inputLineBytes} bytes. Is this one context a line?`;
      throw new ContextbaseError("too_large", message);
    }
  }
  const last = finish();
  if (last.text.trim() !== "") yield last;
}
