import { Lexer, Tokenizer, type Tokens } from "marked";
import type { Part } from "./parts.ts";

type Heading = { readonly offset: number; readonly depth: number; readonly text: string };

/** A heading is named by its beginning; a paragraph that was underlined by mistake can be a whole page. */
const headingCharacters = 300;

/** YAML between two rules at the very beginning. A rule that no `key:` follows is just a rule. */
const frontMatter = /^---[ \t]*\n(?=[^\n:#]+:)(?:[^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)/;

/**
 * Splits Markdown (CommonMark with GitHub's additions) at its headings. The texts of the parts, joined, are
 * the text. Front matter belongs to what stands before the first heading; headings in code, lists and
 * quotes split nothing.
 */
export const splitMarkdown = (text: string): Part[] => {
  const headings = findHeadings(text);
  const [first] = headings;
  const parts: Part[] = [];
  const before = text.slice(0, first?.offset ?? text.length);
  const blank = before.trim() === "";
  if (!blank) parts.push({ text: before, heading: [], depth: 0 });
  const trail: Heading[] = [];
  for (const [index, heading] of headings.entries()) {
    while ((trail.at(-1)?.depth ?? 0) >= heading.depth) trail.pop();
    trail.push(heading);
    // Blank lines above the first heading are kept with it: a part of their own would say nothing.
    const start = index === 0 && blank ? 0 : heading.offset;
    parts.push({
      text: text.slice(start, headings[index + 1]?.offset ?? text.length),
      heading: trail.map((above) => above.text),
      depth: heading.depth,
    });
  }
  return parts;
};

const findHeadings = (text: string): Heading[] => {
  const start = frontMatter.exec(text)?.[0].length ?? 0;
  const tokenizer = new HeadingFinder(text.length - start);
  const lexer = new Lexer({ gfm: true, tokenizer });
  try {
    // Blocks alone: what stands inside of paragraphs is of no interest, and takes most of the time.
    lexer.blockTokens(text.slice(start), lexer.tokens);
  } catch (cause) {
    // Thousands of quotes in each other are no document. It stays whole, as a plain text does.
    if (cause instanceof RangeError) return [];
    throw cause;
  }
  return tokenizer.found.map((heading) => ({
    depth: heading.depth,
    offset: heading.offset + start,
    text: plainText(lexer.inlineTokens(heading.text.slice(0, headingCharacters))).trim(),
  }));
};

/** Notes where the headings of the outermost level stand; what is given to it is always a rest of the text. */
class HeadingFinder extends Tokenizer {
  readonly found: Heading[] = [];
  readonly #length: number;
  #nesting = 0;

  constructor(length: number) {
    super();
    this.#length = length;
  }

  override heading(rest: string): Tokens.Heading | undefined {
    return this.#note(rest, super.heading(rest));
  }

  override lheading(rest: string): Tokens.Heading | undefined {
    return this.#note(rest, super.lheading(rest));
  }

  override list(rest: string): Tokens.List | undefined {
    return this.#nested(() => super.list(rest));
  }

  override blockquote(rest: string): Tokens.Blockquote | undefined {
    return this.#nested(() => super.blockquote(rest));
  }

  #note(rest: string, token: Tokens.Heading | undefined): Tokens.Heading | undefined {
    if (token && this.#nesting === 0) {
      this.found.push({ offset: this.#length - rest.length, depth: token.depth, text: token.text });
    }
    return token;
  }

  #nested<Result>(work: () => Result): Result {
    this.#nesting++;
    try {
      return work();
    } finally {
      this.#nesting--;
    }
  }
}

/** What a reader sees of a heading: no marks, no links' addresses, no pictures, no tags. */
const plainText = (tokens: readonly object[]): string => tokens.map(textOf).join("");

const textOf = (token: object): string => {
  if ("type" in token && (token.type === "html" || token.type === "image")) return "";
  if ("tokens" in token && Array.isArray(token.tokens)) return plainText(token.tokens);
  return "text" in token && typeof token.text === "string" ? token.text.replaceAll(/\s+/g, " ") : "";
};
