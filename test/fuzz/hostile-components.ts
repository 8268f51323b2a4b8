import { z } from "zod";
import { type Component, defineComponent, limits } from "../../src/index.ts";
import { isEqual, isName, keptEmbeddings, keptObject, type Refused, refused } from "./rules.ts";

export const Free = defineComponent({ name: "Free", embeddings: { dimensions: 4 } });
export const Strict = defineComponent({
  name: "Strict",
  types: {
    profile: z.object({ name: z.string(), plan: z.enum(["free", "pro"]).default("free") }),
    open: z.looseObject({ text: z.string() }),
  },
  metadata: z.object({ source: z.string() }).partial(),
});
export const Plain = defineComponent({
  name: "Plain",
  types: {
    ticket: {
      type: "object",
      properties: { title: { type: "string" }, any: {} },
      required: ["title"],
      additionalProperties: false,
    },
  },
});

export type Stored = {
  readonly type: string;
  readonly content: object;
  readonly metadata: object;
  readonly embeddings: readonly number[];
};
export type Input = { readonly [field: string]: unknown };

const pick = (value: object, ...names: string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)));

/** The rules of each component's own schemas, told in plain code. */
const fits: Record<
  string,
  (type: string, content: object, metadata: object) => Pick<Stored, "content" | "metadata"> | Refused
> = {
  Free: (_, content, metadata) => ({ content, metadata }),
  Strict: (type, content, metadata) => {
    const { name, plan = "free", text } = content as { name?: unknown; plan?: unknown; text?: unknown };
    const { source } = metadata as { source?: unknown };
    if (source !== undefined && typeof source !== "string") return refused;
    const kept = pick(metadata, "source");
    if (type === "open") return typeof text === "string" ? { content, metadata: kept } : refused;
    const fit = type === "profile" && typeof name === "string" && (plan === "free" || plan === "pro");
    return fit ? { content: { name, plan }, metadata: kept } : refused;
  },
  Plain: (type, content, metadata) => {
    const { title } = content as { title?: unknown };
    const fit =
      type === "ticket" && typeof title === "string" && isEqual(pick(content, "title", "any"), content);
    return fit ? { content, metadata } : refused;
  },
};

const dimensionsOf: Record<string, number> = { Free: 4, Strict: -1, Plain: -1 };

/** What is stored of an input, by the rules. Its id and version are looked at elsewhere. */
export const keptOf = (component: string, input: Input): Stored | Refused => {
  const known = ["id", "type", "content", "embeddings", "metadata", "version", "createdAt", "updatedAt"];
  if (!Object.keys(input).every((field) => known.includes(field))) return refused;
  const { type } = input;
  const content = keptObject(input.content, limits.contentBytes);
  const metadata = keptObject(input.metadata === undefined ? {} : input.metadata, limits.metadataBytes);
  const embeddings = keptEmbeddings(input.embeddings, dimensionsOf[component] ?? 0);
  if (!isName(type) || content === refused || metadata === refused || embeddings === refused) return refused;
  const fit = fits[component]?.(type, content, metadata) ?? refused;
  return fit === refused ? refused : { type, embeddings, ...fit };
};

export const components: Record<string, Component> = { Free, Strict, Plain };

export const existing: Record<string, Stored> = {
  Free: { type: "t", content: { n: 1 }, metadata: {}, embeddings: [] },
  Strict: { type: "profile", content: { name: "Ada", plan: "pro" }, metadata: {}, embeddings: [] },
  Plain: { type: "ticket", content: { title: "One" }, metadata: {}, embeddings: [] },
};
