import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { onTestFinished } from "vitest";

/** One event of `text/event-stream`, as an EventSource would take it; what has no data moves `lastId` alone. */
export type StreamEvent = { readonly event: string; readonly data: string; readonly lastId: string };

/** Parses a stream of events as WHATWG HTML, section 9.2.6, says. */
export const eventsOf = async function* (chunks: AsyncIterable<unknown>): AsyncGenerator<StreamEvent> {
  let [event, data, lastId] = ["", "", ""];
  for await (const line of linesIn(chunks)) {
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/su.exec(line) ?? [];
    if (line === "") {
      if (data !== "") yield { event: event || "message", data: data.slice(0, -1), lastId };
      [event, data] = ["", ""];
    } else if (field === "data") data += `${value}\n`;
    else if (field === "event") event = value;
    else if (field === "id") lastId = value;
  }
};

/** The lines of a stream, empty ones too, as they come. */
export const linesIn = async function* (chunks: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) throw new Error("The stream gives no bytes.");
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") throw new Error(`The stream broke off in a line: ${rest}`);
};

export type OpenStream = { readonly request: ClientRequest; readonly response: IncomingMessage };

/** Opens a stream over a connection of its own. It does not outlive the test. */
export const openStream = (url: string, headers: Record<string, string> = {}): Promise<OpenStream> =>
  new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => resolve({ request, response }));
    request.on("error", reject);
    onTestFinished(() => void request.destroy());
  });
