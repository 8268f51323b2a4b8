import * as z from "zod";
import { assemble } from "../../assembly/assemble.ts";
import type { AssembleOptions } from "../../assembly/assembly.ts";
import { assemblyOrders } from "../../assembly/assembly.ts";
import { isNamedSource, type NamedSource } from "../../assembly/named-source.ts";
import { reassemble } from "../../assembly/reassemble.ts";
import type { Receipt } from "../../assembly/receipt.ts";
import type { Template } from "../../assembly/template.ts";
import { templates } from "../../assembly/templates.ts";
import { tokenizerNames } from "../../assembly/tokenizer.ts";
import { ContextbaseError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { limits } from "../../base/limits.ts";
import { show } from "../../base/show.ts";
import * as inputs from "../inputs.ts";
import { defineOperation } from "../operation.ts";
import * as outputs from "../outputs.ts";
import { componentOf } from "./store-of.ts";

/** What a body asks for: components and templates by their names. */
type NamedAssembly = Omit<AssembleOptions, "sources" | "template"> & {
  readonly sources: readonly NamedSource[];
  readonly template?: unknown;
};

const templateNames = ["xml", "plain"] as const satisfies readonly (keyof typeof templates)[];

/** What the body may hold, for those who read the API. */
const assemblyShape = z.strictObject({
  query: z.string().meta({ description: "What the window is for: a question, a task." }),
  sources: z
    .array(
      z.strictObject({
        component: inputs.component,
        type: inputs.type.optional(),
        where: inputs.filter.optional(),
        by: z.enum(["search", "newest"]).optional(),
        embeddings: inputs.embeddings.optional(),
        limit: z.int().min(1).max(limits.searchHits).optional(),
        widen: z.int().min(0).max(limits.searchNeighbours).optional(),
        weight: z.number().optional(),
      }),
    )
    .min(1)
    .max(limits.assemblySources),
  budget: z.strictObject({
    tokens: z.int().min(1).max(limits.assemblyTokens),
    tokenizer: z.enum(tokenizerNames).optional(),
  }),
  template: z.enum(templateNames).optional(),
  order: z.enum(assemblyOrders).optional(),
  limit: z.int().min(1).max(limits.assemblyCandidates).optional(),
  duplicates: z.union([z.number(), z.literal(false)]).optional(),
});

const isNamedAssembly = (value: unknown): value is NamedAssembly =>
  isObject(value) && Array.isArray(value.sources) && value.sources.every(isNamedSource);

const assembly = inputs.bodyOf<NamedAssembly>(
  assemblyShape,
  isNamedAssembly,
  "must be an object: a query, sources [{ component }], and a budget { tokens }",
);

/** A receipt is checked where it is read, by its hash. */
const receipt = z
  .custom<Receipt>(isObject, "must be an object: what an assembly gave as its receipt")
  .meta({ type: "object", description: "As an assembly gave it." });

const templateOf = (name: unknown): Template | undefined => {
  if (name === undefined) return undefined;
  const known = templateNames.find((one) => one === name);
  if (known) return templates[known];
  const message = `template is ${show(name)}. It must be one of: ${templateNames.join(", ")}.`;
  throw new ContextbaseError("invalid_argument", message);
};

/** What makes windows of contexts. */
export const assembling = [
  defineOperation({
    name: "assemble",
    summary: "Makes a text of the contexts that fit a query, within a budget of tokens.",
    method: "POST",
    path: "/assemblies",
    input: z.strictObject({ assembly }),
    body: "assembly",
    output: outputs.assembly,
    statuses: [200],
    run: async (base, { assembly: { sources, template, ...options } }) => ({
      value: await assemble(base, {
        ...options,
        sources: sources.map((source) => ({ ...source, component: componentOf(base, source.component) })),
        template: templateOf(template),
      }),
    }),
  }),

  defineOperation({
    name: "reassemble",
    summary: "Makes the very same text again, from the versions that its receipt names.",
    method: "POST",
    path: "/assemblies/rebuild",
    input: z.strictObject({ receipt }),
    body: "receipt",
    output: outputs.reassembly,
    statuses: [200],
    run: async (base, { receipt }) => ({ value: await reassemble(base, receipt) }),
  }),
];
