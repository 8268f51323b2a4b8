import { type Context, type EncodedContext, encodeContext } from "../model/context.ts";
import { escapeControls } from "./harmless.ts";

/** A context on one line. */
export const toLine = (context: Context<string, unknown, unknown>, component?: string): string =>
  escapeControls(
    JSON.stringify(
      component === undefined ? encodeContext(context) : { component, ...encodeContext(context) },
    ),
  );

/** A context for people: indented, but for its embedding, which would fill the screen. */
export const toText = (context: Context<string, unknown, unknown>): string => {
  const encoded: EncodedContext = encodeContext(context);
  const numbers = `\n  "embeddings": [${encoded.embeddings.join(", ")}]`;
  const indented = JSON.stringify({ ...encoded, embeddings: [] }, undefined, 2);
  return escapeControls(indented.replace('\n  "embeddings": []', () => numbers));
};
