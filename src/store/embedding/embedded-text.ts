import type { Json } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import type { Component } from "../../model/component.ts";
import { textsOf } from "../../search/text/texts-of.ts";

type Body = { readonly content: Json; readonly metadata: Json };

/** The beginning of a text, without half a character at its end. */
export const cutText = (text: string): string => {
  const most = limits.embeddedTextCharacters;
  if (text.length <= most) return text;
  return text.slice(0, text.codePointAt(most - 1) === text.charCodeAt(most - 1) ? most : most - 1);
};

/**
 * What of a context its vector is made of: the texts that its component searches, a line each, up to
 * `limits.embeddedTextCharacters`. "" where there is nothing to be read.
 */
export const embeddedText = ({ indexing }: Component, { content, metadata }: Body): string => {
  const texts = textsOf(indexing.searchText, content, metadata).map(({ text }) => text);
  return cutText(texts.join("\n").trim());
};
