import * as z from "zod";
import { compatibilityModes } from "../model/compatibility/mode.ts";

/** What operations give, by the names that the API tells them under. */
export const outputs = z.registry<{ id: string }>();

const time = z.string().meta({ format: "date-time" });
const operation = z.enum(["store", "delete"]);
const nextCursor = z.string().optional();
const jsonSchema = z.record(z.string(), z.unknown());

export const context = z
  .strictObject({
    id: z.string(),
    type: z.string(),
    content: z.unknown(),
    embeddings: z.array(z.number()),
    metadata: z.unknown(),
    createdAt: time,
    updatedAt: time,
    version: z.int().min(1),
    expiresAt: time.optional(),
  })
  .register(outputs, { id: "Context" });

export const contexts = z.strictObject({ contexts: z.array(context) }).register(outputs, { id: "Contexts" });

export const plan = z
  .array(
    z.strictObject({
      part: z.enum(["filter", "order", "keyword", "vector", "thread"]),
      way: z.string(),
      path: z.string().optional(),
      contexts: z.int().optional(),
    }),
  )
  .register(outputs, { id: "Plan" });

export const mergedContext = z
  .strictObject({
    context,
    conflicts: z.array(
      z.strictObject({
        path: z.string(),
        base: z.unknown().optional(),
        yours: z.unknown().optional(),
        theirs: z.unknown().optional(),
      }),
    ),
  })
  .register(outputs, { id: "MergedContext" });

export const contextPage = z
  .strictObject({ contexts: z.array(context), nextCursor, plan: plan.optional() })
  .register(outputs, { id: "ContextPage" });

export const count = z.strictObject({ count: z.int().min(0) }).register(outputs, { id: "Count" });

const rank = z.int().min(1);

const why = z.strictObject({
  text: z.strictObject({ rank, score: z.number(), terms: z.array(z.string()).readonly() }).optional(),
  vector: z.strictObject({ rank, similarity: z.number() }).optional(),
  recency: z.number().optional(),
  boost: z.number().optional(),
});

const hit = z
  .strictObject({
    context,
    score: z.number(),
    why,
    snippet: z
      .strictObject({
        path: z.string(),
        text: z.string(),
        marks: z.array(z.tuple([z.int(), z.int()]).readonly()).readonly(),
      })
      .optional(),
    before: z.array(context).optional(),
    after: z.array(context).optional(),
  })
  .register(outputs, { id: "Hit" });

export const hits = z
  .strictObject({ hits: z.array(hit), plan: plan.optional() })
  .register(outputs, { id: "Hits" });

const contextVersion = z.strictObject({ component: z.string(), id: z.string(), version: z.int().min(1) });

const reasons = z
  .array(
    z.strictObject({
      source: z.int().min(0),
      rank,
      why: why.optional(),
      neighbourOf: z.string().optional(),
    }),
  )
  .readonly();

/** A receipt is given back as it came; only what wrote it reads it. */
const receipt = z.looseObject({ version: z.int(), hash: z.string() }).register(outputs, { id: "Receipt" });

export const assembly = z
  .strictObject({
    text: z.string(),
    tokens: z.int().min(0),
    items: z.array(contextVersion.extend({ score: z.number(), tokens: z.int().min(0), reasons })).readonly(),
    missed: z
      .array(
        contextVersion.extend({
          score: z.number(),
          reasons,
          missed: z.enum(["budget", "duplicate", "limit"]),
          tokens: z.int().min(0).optional(),
          duplicateOf: contextVersion.optional(),
        }),
      )
      .readonly(),
    receipt,
  })
  .register(outputs, { id: "Assembly" });

export const reassembly = z
  .strictObject({ text: z.string(), tokens: z.int().min(0), items: z.array(contextVersion).readonly() })
  .register(outputs, { id: "Reassembly" });

export const historyPage = z
  .strictObject({
    versions: z.array(
      z.strictObject({
        version: z.int().min(1),
        at: time,
        actor: z.string(),
        operation,
        parents: z.array(z.int().min(1)),
      }),
    ),
    nextCursor,
  })
  .register(outputs, { id: "HistoryPage" });

export const change = z
  .strictObject({
    position: z.int().min(1),
    operation,
    component: z.string(),
    id: z.string(),
    type: z.string(),
    version: z.int().min(1),
    at: time,
    actor: z.string(),
    write: z.string(),
  })
  .register(outputs, { id: "Change" });

export const writeRecord = z
  .strictObject({
    write: z.string(),
    at: time,
    actor: z.string(),
    changes: z.array(
      z.strictObject({ component: z.string(), id: z.string(), version: z.int().min(1), operation }),
    ),
  })
  .register(outputs, { id: "WriteRecord" });

export const componentDescription = z
  .strictObject({
    name: z.string(),
    schemaVersion: z.int().min(1),
    compatibility: z.enum(compatibilityModes).optional(),
    upgrades: z.record(z.string(), z.union([z.literal("all"), z.array(z.string()).readonly()])).optional(),
    types: z.record(z.string(), jsonSchema).optional(),
    metadata: jsonSchema.optional(),
    embeddings: z.strictObject({ dimensions: z.int().min(1), model: z.string().optional() }).optional(),
    searchText: z.array(z.string()).readonly().optional(),
    indexes: z.array(z.string()).readonly().optional(),
    thread: z.array(z.string()).readonly().optional(),
    order: z.string().optional(),
    merge: z.record(z.string(), z.string()).optional(),
    retention: z
      .strictObject({
        versions: z.int().min(1).optional(),
        for: z.string().optional(),
        thin: z
          .array(z.strictObject({ within: z.string().optional(), keep: z.string() }))
          .readonly()
          .optional(),
      })
      .optional(),
  })
  .register(outputs, { id: "ComponentDescription" });

export const componentDescriptions = z
  .strictObject({ components: z.array(componentDescription) })
  .register(outputs, { id: "ComponentDescriptions" });
