import { checkOptions, checkSignal } from "../base/arguments.ts";
import { sha256 } from "../base/canonical-json.ts";
import { ContextbaseError } from "../base/errors.ts";
import { show } from "../base/show.ts";
import type { ContextbaseView } from "../store/contextbase.ts";
import { unknownComponent } from "../store/named-components.ts";
import type { ReassembleOptions, Reassembly } from "./assembly.ts";
import { checkReceipt } from "./check-receipt.ts";
import { hashItem } from "./create-receipt.ts";
import { toItem } from "./gather.ts";
import type { Receipt, ReceiptItem } from "./receipt.ts";
import { checkTemplate, renderWith, type Template, type TemplateItem } from "./template.ts";
import { templates } from "./templates.ts";

const differs = (message: string): ContextbaseError => new ContextbaseError("receipt_differs", message);

/** The template that made the text: the caller's, where it is given, must be the one of the receipt. */
const templateOf = ({ template: { name, version } }: Receipt, given: unknown): Template => {
  const shipped = Object.values(templates).find((template) => template.name === name);
  if (given === undefined && shipped === undefined) {
    const message = `The text was made with the template ${show(name)}, which does not come with Contextbase. Give it as template.`;
    throw new ContextbaseError("invalid_argument", message);
  }
  const template = given === undefined && shipped ? shipped : checkTemplate(given, "template");
  if (template.name === name && template.version === version) return template;
  throw differs(
    `The text was made with the template ${show(name)}, version ${version}, not with ${show(template.name)}, version ${template.version}.`,
  );
};

/** A version that retention removed is one that cannot be read any more. */
const ifRemoved = (cause: unknown): undefined => {
  if (!(cause instanceof ContextbaseError && cause.code === "version_removed")) throw cause;
  return undefined;
};

const readItem = async (
  base: ContextbaseView,
  { component: name, id, version, hash }: ReceiptItem,
  signal: AbortSignal | undefined,
): Promise<TemplateItem> => {
  const component = base.components.get(name);
  if (!component) throw unknownComponent(name, base.components);
  const context = await base.store(component).retrieveContext(id, { version, signal }).catch(ifRemoved);
  const told = `${name} ${show(id)}, version ${version}`;
  const details = { id, version };
  if (!context) {
    const message = `${told}, which the receipt names, cannot be read any more. Assemble anew.`;
    throw new ContextbaseError("receipt_expired", message, { component: name, details });
  }
  const item = toItem(name, context);
  if (hashItem(item) === hash) return item;
  const message = `${told}, reads otherwise than it did when the text was made. Assemble anew.`;
  throw new ContextbaseError("receipt_differs", message, { component: name, details });
};

/**
 * Makes the very same text again that a receipt is of, from the versions that it names.
 * @throws ContextbaseError invalid_receipt, receipt_expired, receipt_differs, invalid_argument, unknown_component
 */
export const reassemble = async (
  base: ContextbaseView,
  receipt: unknown,
  options: ReassembleOptions = {},
): Promise<Reassembly> => {
  checkOptions("reassemble", options, ["template", "signal"]);
  checkSignal(options.signal);
  const checked = checkReceipt(receipt);
  const { items, tokens } = checked;
  const template = templateOf(checked, options.template);
  const read = await Promise.all(items.map((item) => readItem(base, item, options.signal)));
  const text = read.length === 0 ? "" : renderWith(template, read);
  if (sha256(text) !== checked.text)
    throw differs(`The template ${show(template.name)} makes another text now of the same contexts.`);
  return { text, tokens, items: items.map(({ component, id, version }) => ({ component, id, version })) };
};
