import { limits } from "../../base/limits.ts";
import type { Stream } from "../operation.ts";
import type { StreamFormat } from "./stream-formats.ts";

export type StreamEnds = {
  /** Fires where nobody wants more. */
  readonly signal: AbortSignal;
  /** What is to be done once it is over, however it ends. */
  readonly leave: () => void;
  /** What comes last where the stream fails. */
  readonly fail: (cause: unknown) => string;
};

/**
 * A stream as the body of a response. What is next is asked for only once the reader took what was there, so that a
 * slow one fills no memory.
 */
export const createBody = (
  { after, items }: Stream,
  format: StreamFormat,
  { signal, leave, fail }: StreamEnds,
  heartbeatMilliseconds: number = limits.httpHeartbeatMilliseconds,
): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  const iterator = items[Symbol.asyncIterator]();
  const beginning = format.begin(after);
  let asked = false;
  let answer: { readonly text: string | undefined } | undefined;
  let wake: () => void = () => undefined;
  let over = false;

  // Where nothing is asked for at that moment, only this lets what is iterated clean up after itself.
  signal.addEventListener("abort", () => void iterator.return?.().catch(() => undefined));

  const settle = (text: string | undefined): void => {
    answer = { text };
    wake();
  };

  /** What is asked for is waited for by whoever pulls next, so that no signs of life pile up on one promise. */
  const ask = (): void => {
    if (asked) return;
    asked = true;
    iterator.next().then(
      ({ done, value }) => settle(done ? undefined : format.item(value)),
      (cause: unknown) => {
        over = true;
        settle(signal.aborted ? undefined : fail(cause));
      },
    );
  };

  /** What there is in this turn of the event loop, else what comes first: an item or a sign of life. */
  const gather = async (): Promise<string> => {
    let text = "";
    let late = false;
    const end = (): void => {
      late = true;
      wake();
    };
    const timer = setTimeout(end, heartbeatMilliseconds);
    while (!over && text.length < limits.httpStreamedBytes) {
      ask();
      while (!answer && !late) await new Promise<void>((resolve) => (wake = resolve));
      if (!answer) break;
      if (text === "") setImmediate(end);
      text += answer.text ?? "";
      over ||= answer.text === undefined;
      asked = false;
      answer = undefined;
    }
    clearTimeout(timer);
    return text === "" && !over ? format.alive : text;
  };

  return new ReadableStream({
    start: (controller) => {
      if (beginning !== "") controller.enqueue(encoder.encode(beginning));
    },
    pull: async (controller) => {
      const text = await gather();
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (!over) return;
      leave();
      controller.close();
    },
    cancel: leave,
  });
};
