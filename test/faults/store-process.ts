import { createInterface } from "node:readline";
import { ContextbaseError, defineComponent, openContextbase } from "../../src/index.ts";

/**
 * A process that holds a store open and does what it is told, one JSON line a command, one JSON line an
 * answer. Tests start it where a process has to be killed, or its disk has to fail.
 *
 * node store-process.ts FILE [KEY in base64]
 */
const Thing = defineComponent({ name: "Thing" });
const [path = "", key] = process.argv.slice(2);

const fill = (bytes: number | undefined): { fill: string } | undefined =>
  bytes === undefined ? undefined : { fill: "x".repeat(bytes) };

const describeError = (cause: unknown): { code: string; message: string } =>
  cause instanceof ContextbaseError
    ? { code: cause.code, message: cause.message }
    : { code: `not one of ours: ${cause}`, message: String(cause) };

const say = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

type Order = { readonly order: number; readonly call: string; readonly [argument: string]: unknown };

try {
  const base = await openContextbase({ url: `file:${path}`, key, components: [Thing] });
  const things = base.store(Thing);
  const calls: Record<string, (order: Order) => Promise<unknown>> = {
    store: ({ id, content, bytes, write }) =>
      things
        .storeContext(
          { id: String(id), type: "t", content: { ...(content as object), ...fill(bytes as number) } },
          { write: write as string },
        )
        .then(({ version }) => version),
    batch: ({ ids, content, bytes, write }) =>
      things
        .storeContexts(
          (ids as string[]).map((id) => ({
            id,
            type: "t",
            content: { ...(content as object), ...fill(bytes as number) },
          })),
          { write: write as string },
        )
        .then((stored) => stored.map(({ version }) => version)),
    increase: ({ id }) =>
      things
        .updateContext(
          String(id),
          (draft) => {
            draft.content = { n: Number(draft.content.n) + 1 };
          },
          { attempts: 1_000 },
        )
        .then(({ content }) => content.n),
    read: ({ id }) => things.retrieveContext(String(id)).then((found) => found?.content),
    readAll: ({ ids }) =>
      things.retrieveContexts(ids as string[]).then((all) => all.map((one) => one?.content)),
    history: ({ id }) =>
      things.history(String(id)).then(({ versions }) => versions.map(({ version }) => version)),
    list: () => things.listContexts({ limit: 1_000 }).then(({ contexts }) => contexts.map(({ id }) => id)),
    search: ({ text }) =>
      things
        .searchContexts({ text: String(text), limit: 1_000 })
        .then((hits) => hits.map(({ context }) => context.id)),
    findWrite: ({ write }) => base.findWrite(String(write)).then((found) => found?.changes.length ?? 0),
    close: () => base.close(),
  };
  say({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const order: Order = JSON.parse(line);
    const call = calls[order.call];
    if (!call) throw new Error(`no call ${order.call}`);
    call(order).then(
      (result) => say({ order: order.order, result }),
      (cause) => say({ order: order.order, error: describeError(cause) }),
    );
  }
} catch (cause) {
  say({ ready: false, error: describeError(cause) });
}
