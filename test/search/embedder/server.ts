import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** What a server was sent. */
export type Sent = {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: { readonly model: string; readonly input: readonly string[] } & Record<string, unknown>;
};

export type Answering = (response: ServerResponse, sent: Sent, number: number) => void | Promise<void>;

/** The vector of a text: its length and its first character. */
export const vectorOf = (text: string): number[] => [text.length, text.charCodeAt(0)];

export const dataOf = ({ body }: Sent) => ({
  data: body.input.map((text, index) => ({ object: "embedding", index, embedding: vectorOf(text) })),
});

export const send = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
};

/** As a server should. */
export const well: Answering = (response, sent) => send(response, dataOf(sent));

/**
 * A server of embeddings that answers each request as it is told.
 * @param answers one for each request, in turn; after the last one it answers well
 */
export const serve = async (...answers: readonly Answering[]) => {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const body = (await json(request)) as Sent["body"];
    const one = { path: request.url ?? "", headers: request.headers, body };
    const number = sent.push(one) - 1;
    await (answers[number] ?? well)(response, one, number);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, sent };
};
