import type { Template, TemplateItem } from "./template.ts";

/**
 * Each context below a line of its own that says what it is. Nothing is escaped: a stored text may look like such a
 * line. For texts that others may have written, take `xml`.
 */
const plain: Template = {
  name: "plain",
  version: 1,
  render: (items) => items.map((item) => `[${titleOf(item)}]\n${item.text}\n`).join("\n"),
};

const titleOf = ({ component, id, version, updatedAt }: TemplateItem): string =>
  `${component} ${JSON.stringify(id)}, version ${version}, ${dayOf(updatedAt)}`;

const dayOf = (time: Date): string => time.toISOString().slice(0, "2026-01-31".length);

/**
 * Each context in an element. What is stored is escaped, so that no text can close its element, or pretend to be
 * another one.
 */
const xml: Template = {
  name: "xml",
  version: 1,
  render: (items) => `<contexts>\n${items.map(elementOf).join("")}</contexts>\n`,
};

const elementOf = ({ component, type, id, version, updatedAt, text }: TemplateItem): string => {
  const attributes = Object.entries({ component, type, id, version, updated: updatedAt.toISOString() })
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join("");
  return `<context${attributes}>\n${escapeText(text)}\n</context>\n`;
};

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escapeText = (text: string): string => text.replaceAll(/[&<>]/g, (found) => entities[found] ?? found);

/** Line ends and other controls, too: an attribute stays on one line. */
const escapeAttribute = (text: string): string =>
  text.replaceAll(/[&<>"\p{Cc}\u2028\u2029]/gu, (found) => entities[found] ?? `&#${found.codePointAt(0)};`);

/** The templates that come with Contextbase. */
export const templates = { plain, xml } as const;
