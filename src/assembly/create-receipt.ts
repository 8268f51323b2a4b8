import { canonicalJson, sha256 } from "../base/canonical-json.ts";
import { parseJsonText } from "../base/json-text.ts";
import type { CheckedAssembly } from "./assemble-options.ts";
import { checkReceipt } from "./check-receipt.ts";
import type { Packed } from "./pack.ts";
import type { Receipt } from "./receipt.ts";
import type { TemplateItem } from "./template.ts";

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
  const facts = {
    version: 1,
    query,
    sources: sources.map(({ component, embeddings, ...source }) => ({
      component: component.name,
      ...source,
      ...(embeddings && { embeddings: [...embeddings] }),
    })),
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
  // Read from its own text it holds plain JSON alone, whatever the filters held, and nothing of the caller's.
  return checkReceipt(parseJsonText(canonicalJson({ ...facts, hash: sha256(canonicalJson(facts)) })));
};
