import { type Contextbase, openContextbase } from "contextbase";
import { onTestFinished } from "vitest";
import { type HttpServer, serve } from "../../src/server/index.ts";
import { Customer, Note, note } from "./fixture.ts";

export const events = { Accept: "text/event-stream" };

export type Started = { base: Contextbase; server: HttpServer; url: string; errors: unknown[] };

/** @param wrap what is served in place of the store */
export const start = async (wrap = (base: Contextbase): Contextbase => base): Promise<Started> => {
  const base = await openContextbase({ url: ":memory:", components: [Note, Customer] });
  const errors: unknown[] = [];
  const server = await serve(wrap(base), { port: 0, onError: (error) => errors.push(error) });
  onTestFinished(async () => {
    await server.close();
    await base.close();
  });
  return { base, server, url: `${server.url}/v1/changes`, errors };
};

export const put = (base: Contextbase, ...ids: readonly string[]) =>
  base.store(Note).storeContexts(ids.map((id) => ({ id, ...note(id) })));

export const take = async <Item>(items: AsyncIterable<Item>, count: number): Promise<Item[]> => {
  const taken: Item[] = [];
  for await (const item of items) if (taken.push(item) === count) break;
  return taken;
};
