import { ContextbaseError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { show } from "../base/show.ts";
import type { Context } from "../model/context.ts";
import { leavePromise } from "./leave-promise.ts";

/** A context as a template gets it. */
export type TemplateItem = Omit<Context, "embeddings"> & {
  /** The name of its component. */
  readonly component: string;
  /** Its content as a text to be read. */
  readonly text: string;
};

/**
 * Makes the text of a window of its contexts. It is also called with one of them, and with none, to measure them;
 * the same contexts must always give the same text.
 */
export type Render = (items: readonly TemplateItem[]) => string;

/** A way to render, by name: receipts tell by it which one made a text. */
export type Template = { readonly name: string; readonly version: number; readonly render: Render };

/** What a function without a name of its own is told by. */
const custom = { name: "custom", version: 1 } as const;

/** The template that was given: one, or a function alone. */
export const checkTemplate = (given: unknown, what: string): Template => {
  if (isTemplate(given)) return given;
  if (isRender(given)) return { ...custom, render: given };
  const message = `${what} is ${show(given)}. It must be templates.xml, templates.plain, { name, version, render }, or a function of the items.`;
  throw new ContextbaseError("invalid_argument", message);
};

const isRender = (value: unknown): value is Render => typeof value === "function";

const isTemplate = (value: unknown): value is Template =>
  isObject(value) &&
  typeof value.name === "string" &&
  Number.isSafeInteger(value.version) &&
  typeof value.render === "function";

/** @throws ContextbaseError invalid_argument where the template gives no text, and what it throws */
export const renderWith = ({ name, render }: Template, items: readonly TemplateItem[]): string => {
  const text: unknown = render(items);
  if (typeof text === "string") return text;
  leavePromise(text);
  const message = `The template ${show(name)} gave ${show(text)} for ${items.length} items. It must give a text, and at once.`;
  throw new ContextbaseError("invalid_argument", message);
};
