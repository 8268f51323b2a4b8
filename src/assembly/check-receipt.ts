import { canonicalJson, sha256 } from "../base/canonical-json.ts";
import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import type { Receipt, ReceiptItem } from "./receipt.ts";

const invalid = (problem: string): ContextbaseError =>
  new ContextbaseError("invalid_receipt", `The receipt ${problem}. Give it as assemble gave it.`);

/**
 * @param held a receipt, or what holds one as `receipt`: a window
 * @throws ContextbaseError invalid_receipt where it is none, or not as it was given
 */
export const checkReceipt = (held: unknown): Receipt => {
  const given = isObject(held) && held.hash === undefined && isObject(held.receipt) ? held.receipt : held;
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
