import * as z from "zod";
import { ContextbaseError } from "../base/errors.ts";
import { isObject, parseJson } from "../base/json.ts";
import { limits } from "../base/limits.ts";
import { show } from "../base/show.ts";
import type { ContextInput } from "../model/context.ts";
import { orderOfText } from "../model/order-text.ts";
import type { OrderBy, Where } from "../model/where.ts";

const told = (input: unknown): string => JSON.stringify(input)?.slice(0, 100) ?? "missing";

const whole = (most: number) =>
  z
    .int({ error: ({ input }) => `is ${told(input)}; it must be a whole number from 1 to ${most}` })
    .min(1)
    .max(most);

const text = (description: string) =>
  z.string({ error: ({ input }) => `is ${told(input)}; it must be a text` }).meta({ description });

export const component = text("The name of a component.");
export const id = text("The id of a context.");
export const type = text("Only contexts of this type.");
export const cursor = text("The nextCursor of the page before.");
export const version = whole(Number.MAX_SAFE_INTEGER);
export const limit = whole(limits.pageItems).meta({
  description: `How many items a page has; ${limits.pageItemsDefault} where it is left out.`,
});
export const where = text("Only contexts that fit this filter, which is JSON.");
/** The same in a body. */
export const filter = z.record(z.string(), z.unknown()).meta({ description: "A filter." });
export const embeddings = z.array(z.number()).meta({
  description: "A vector to search by, beside the text. Empty: by text alone, although the component embeds.",
});
export const orderBy = text(
  'A path to order by, with :asc or :desc behind it where it is said: "metadata.due:desc".',
);
export const explain = z
  .enum(["true", "false"], { error: ({ input }) => `is ${told(input)}; it must be true or false` })
  .meta({ description: "Whether to tell how the page was found." });
export const asOf = z.iso
  .datetime({
    offset: true,
    error: ({ input }) => `is ${told(input)}; it must be a time such as 2026-01-31T12:00:00Z`,
  })
  .meta({ description: "What was current at this time, rather than what is." });
export const after = z
  .int({ error: ({ input }) => `is ${told(input)}; it must be a position: a whole number from 0` })
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({
    description:
      "Only what came after this position, 0 for all that there is. Left out: what comes from now on, or all where it does not follow.",
  });
export const follow = z
  .enum(["true", "false"], { error: ({ input }) => `is ${told(input)}; it must be true or false` })
  .meta({ description: "Whether to wait for more once all that there is was told. Left out: true." });
export const write = text(
  "Names this write. Sent again under its name it changes nothing and is answered as the first time.",
);

export const onConflict = z
  .enum(["fail", "merge"], { error: ({ input }) => `is ${told(input)}; it must be fail or merge` })
  .meta({ description: "What becomes of a version that is not the next one any more: fail, or merge." });

/** What the body of a write may hold, for those who read the API. */
const contextShape = z.strictObject({
  id: z.string().optional(),
  type: z.string(),
  content: z.record(z.string(), z.unknown()),
  embeddings: z.array(z.number()).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  version: version.optional().meta({ description: "The version that this write is to be." }),
  expiresAt: z
    .string()
    .optional()
    .meta({ format: "date-time", description: "From then on this version reads as absent." }),
  createdAt: z
    .unknown()
    .optional()
    .meta({ description: "Ignored, so that what was read can be stored again." }),
  updatedAt: z.unknown().optional().meta({ description: "Ignored." }),
});

const { $schema: _, ...contextSchema } = z.toJSONSchema(contextShape);

/** A context to be stored. Its fields are checked by the store, against the component, and only there. */
export const context = z
  .custom<ContextInput>(isObject, "must be an object: a context")
  .meta({ ...contextSchema });

export const contexts = z
  .custom<readonly ContextInput[]>(Array.isArray, "must be an array of contexts")
  .meta({ type: "array", items: contextSchema, maxItems: limits.batchContexts });

/**
 * A body whose fields the store checks, and only there; names that are none of them are refused here, where it is known
 * which ones a body can have.
 * @param shape what it may hold, for those who read the API
 */
export const bodyOf = <Body extends object>(
  shape: z.ZodObject,
  isBody: (value: unknown) => boolean,
  problem: string,
) => {
  const { $schema, ...schema } = z.toJSONSchema(shape);
  const known = Object.keys(shape.shape);
  return z
    .custom<Body>(isBody, problem)
    .superRefine((body, context) => {
      if (!isBody(body)) return;
      const unknown = Object.keys(body).find((name) => !known.includes(name));
      if (unknown === undefined) return;
      const message = `has no option ${show(unknown)}. It takes: ${known.join(", ")}`;
      context.addIssue({ code: "custom", message });
    })
    .meta({ ...schema });
};

type FindingText = { readonly where?: string | undefined; readonly orderBy?: string | undefined };
type FindingOptions = { readonly where?: Where; readonly orderBy?: OrderBy };

const isWhere = (value: unknown): value is Where => isObject(value);

const filterOf = (text: string): Where => {
  const where = parseJson(text, "where");
  if (isWhere(where)) return where;
  const message = 'where must be a JSON object, such as {"metadata.source":"mail"}.';
  throw new ContextbaseError("invalid_argument", message);
};

/**
 * What a query says of filter and order, as a store takes it; the store checks it.
 * @throws ContextbaseError invalid_json, invalid_argument
 */
export const findingOptions = ({ where, orderBy }: FindingText): FindingOptions => ({
  ...(where !== undefined && { where: filterOf(where) }),
  ...(orderBy !== undefined && { orderBy: orderOfText(orderBy) }),
});
