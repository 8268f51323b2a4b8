import type { JsonObject } from "../base/json.ts";

/** A context that a text was made of, with the hash of what the template was given of it. */
export type ReceiptItem = {
  readonly component: string;
  readonly id: string;
  readonly version: number;
  readonly hash: string;
};

/** What a window was made of. All of it is JSON; hashes are SHA-256, in hexadecimal. */
export type Receipt = {
  /** The version of this form. */
  readonly version: 1;
  readonly query: string;
  /** As they were given and filled in, components by their names. */
  readonly sources: readonly JsonObject[];
  readonly budget: { readonly tokens: number };
  readonly order: string;
  readonly limit: number;
  readonly duplicates: number | false;
  readonly template: { readonly name: string; readonly version: number };
  readonly tokenizer: string;
  /** In the order of the text. */
  readonly items: readonly ReceiptItem[];
  readonly tokens: number;
  /** The hash of the text. */
  readonly text: string;
  /** The hash of all the above, as canonical JSON (RFC 8785). */
  readonly hash: string;
};
