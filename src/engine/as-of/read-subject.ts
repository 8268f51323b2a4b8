import { ContextbaseError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import { parseJsonText } from "../../base/json-text.ts";
import type { FilterSubject } from "../../search/filter/filter.ts";
import type { StoredContext } from "../port/records.ts";

/** A context as filters, orders and texts look at it; its content may be lifted on the way. */
export type ReadSubject = (stored: StoredContext) => FilterSubject;

const parse = ({ component, id, version }: StoredContext, text: string): Json => {
  try {
    return parseJsonText(text) as Json;
  } catch (cause) {
    const message = `Version ${version} of ${component} ${JSON.stringify(id)} is damaged. Restore it from a backup.`;
    throw new ContextbaseError("storage_corrupt", message, { component, details: { id, version }, cause });
  }
};

/**
 * As it is stored. Content and metadata are parsed once somebody looks at them, which throws where they are damaged.
 */
export const readSubject: ReadSubject = (stored) => {
  const { type, id, version, createdAt, updatedAt } = stored;
  let content: Json | undefined;
  let metadata: Json | undefined;
  return {
    ...{ type, id, version, createdAt, updatedAt },
    get content() {
      content ??= parse(stored, stored.content);
      return content;
    },
    get metadata() {
      metadata ??= parse(stored, stored.metadata);
      return metadata;
    },
  };
};
