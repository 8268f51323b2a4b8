import { defineComponent, type JsonObject } from "../../src/index.ts";

/** The component that campaigns write to. */
export const Thing = defineComponent({ name: "Thing" });

export const key = Buffer.alloc(32, 7);

/** What a writer is about to do: the write `write` makes the next version of each of `ids`. */
export type Intent = {
  readonly kind: "intent";
  readonly write: string;
  readonly operation: "store" | "delete";
  readonly ids: readonly string[];
  readonly bytes: number;
};

/** What the store said of an intent: the versions it made, or the error that it refused it with. */
export type Outcome =
  | { readonly kind: "acknowledged"; readonly write: string; readonly versions: readonly number[] }
  | { readonly kind: "refused"; readonly write: string; readonly code: string };

export type Violation = { readonly kind: "violation"; readonly what: string };

/** A line of the journal that lies outside the store, through a pipe, so that it survives the writer. */
export type Line = Intent | Outcome | Violation;

/** The content of the `index`th context of a write; it can be told from its write id alone. */
export const contentOf = (write: string, index: number, bytes: number): JsonObject => ({
  write,
  index,
  fill: `${write}/${index} `.repeat(Math.ceil(bytes / (write.length + 4))),
});
