import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { parseJsonText } from "../base/json-text.ts";
import type { CheckedAssembly, CheckedSource } from "./assemble-options.ts";
import type { ContextVersion } from "./assembly.ts";
import { canonicalJson, sha256 } from "./canonical-json.ts";
import type { Packed } from "./pack.ts";
import type { TemplateItem } from "./template.ts";

/** A context that a text was made of, with the hash of what the template was given of it. */
export type ReceiptItem = ContextVersion & { readonly hash: string };

/** What a window was made of. All of it is JSON; hashes are SHA-256, in hexadecimal. */
export type Receipt = {
  /** The version of this form. */
  readonly version: 1;
  readonly query: string;
  readonly sources: readonly (Omit<CheckedSource, "component"> & { readonly component: string })[];
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

/** The hash of a context as a template gets it. */
export const hashItem = ({ text: _, ...item }: TemplateItem): string => sha256(canonicalJson(item));

export const createReceipt = (
  { query, sources, tokens, order, limit, duplicates, template }: CheckedAssembly,
  tokenizer: string,
  packed: Packed,
): Receipt => {
  const items = packed.chosen.map(({ component, id, version, item }) => ({
    component,
    id,
    version,
    hash: hashItem(item),
  }));
  const facts: Omit<Receipt, "hash"> = {
    version: 1,
    query,
    sources: sources.map(({ component, ...source }) => ({ component: component.name, ...source })),
    budget: { tokens },
    order,
    limit,
    duplicates,
    template: { name: template.name, version: template.version },
    tokenizer,
    items,
    tokens: packed.tokens,
    text: sha256(packed.text),
  };
  const canonical = canonicalJson(facts);
  // Read from its own text it holds plain JSON alone, whatever the filters held, and nothing of the caller's.
  const receipt = parseJsonText(canonical) as Omit<Receipt, "hash">;
  return { ...receipt, hash: sha256(canonical) };
};

const invalid = (problem: string): ContextbaseError =>
  new ContextbaseError("invalid_receipt", `The receipt ${problem}. Give it as assemble gave it.`);

/** @throws ContextbaseError invalid_receipt where it is none, or not as it was given */
export const checkReceipt = (given: unknown): Receipt => {
  if (!isObject(given) || typeof given.hash !== "string") throw invalid("is none: it has no hash");
  if (given.version !== 1) throw invalid("is of another version than this Contextbase knows, 1");
  const { hash, ...facts } = given;
  if (sha256(canonicalJson(facts)) !== hash) throw invalid("was changed: its hash is another one");
  if (!isReceipt(given)) throw invalid("is none: its items, template, text or tokens are missing");
  return given;
};

const isReceipt = (value: unknown): value is Receipt =>
  isObject(value) &&
  Array.isArray(value.items) &&
  value.items.every(isReceiptItem) &&
  isObject(value.template) &&
  typeof value.template.name === "string" &&
  Number.isSafeInteger(value.template.version) &&
  typeof value.text === "string" &&
  typeof value.tokens === "number";

const isReceiptItem = (value: unknown): value is ReceiptItem =>
  isObject(value) &&
  typeof value.component === "string" &&
  typeof value.id === "string" &&
  Number.isSafeInteger(value.version) &&
  typeof value.hash === "string";
