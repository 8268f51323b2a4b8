import type { Component } from "./component.ts";
import { type EncodedContext, encodeContext } from "./context.ts";
import type { Hit } from "./searching.ts";

type EncodedHit = Omit<Hit<Component>, "context" | "before" | "after"> & {
  readonly context: EncodedContext;
  readonly before?: EncodedContext[];
  readonly after?: EncodedContext[];
};

/** A hit as JSON has it. */
export const encodeHit = ({ context, before, after, ...hit }: Hit<Component>): EncodedHit => ({
  context: encodeContext(context),
  ...hit,
  ...(before && { before: before.map(encodeContext) }),
  ...(after && { after: after.map(encodeContext) }),
});
