import * as z from "zod";
import type { Change, WatchOptions } from "../../model/context-store.ts";
import type { ContextbaseView } from "../../store/contextbase.ts";
import * as inputs from "../inputs.ts";
import { defineStream, type Stream } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { storeOf } from "./store-of.ts";

const { component, type, after, follow } = inputs;

const options = { after: after.optional(), type: type.optional(), follow: follow.optional() };

/** What tells of changes as they come. */
export const watching = [
  defineStream({
    name: "watch",
    summary: "Streams the changes of all components, each once, in order, as they come.",
    method: "GET",
    path: "/changes",
    input: z.strictObject(options),
    output: outputs.change,
    statuses: [200],
    run: (base, input, signal) => stream(base, base, input, signal),
  }),

  defineStream({
    name: "watchComponent",
    summary: "Streams the changes of one component.",
    method: "GET",
    path: "/components/{component}/changes",
    input: z.strictObject({ component, ...options }),
    output: outputs.change,
    statuses: [200],
    run: async (base, { component, ...input }, signal) =>
      stream(base, storeOf(base, component), input, signal),
  }),
];

type EncodedChange = Omit<Change, "at"> & { readonly at: string };

type Input = Pick<WatchOptions, "after" | "type"> & { readonly follow?: "true" | "false" | undefined };

/** @param watched the view, or the store of one component */
const stream = async (
  base: ContextbaseView,
  watched: Pick<ContextbaseView, "watch">,
  { after, type, follow }: Input,
  signal: AbortSignal,
): Promise<Stream<EncodedChange>> => {
  const follows = follow !== "false";
  const from = after ?? (follows ? await base.lastPosition() : 0);
  const changes = watched.watch({ after: from, type, follow: follows, signal });
  await checkPosition(base, from, signal);
  return { after: from, items: encode(changes) };
};

/** A log that does not go on from a position is told in place of a stream: whether it does shows in one look at it. */
const checkPosition = async (base: ContextbaseView, after: number, signal: AbortSignal): Promise<void> => {
  for await (const _ of base.watch({ after, follow: false, signal })) return;
};

const encode = async function* (changes: AsyncIterable<Change>): AsyncGenerator<EncodedChange> {
  for await (const change of changes) yield { ...change, at: change.at.toISOString() };
};
