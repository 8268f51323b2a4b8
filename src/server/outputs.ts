import * as z from "zod";

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
  })
  .register(outputs, { id: "Context" });

export const contexts = z.strictObject({ contexts: z.array(context) }).register(outputs, { id: "Contexts" });

export const contextPage = z
  .strictObject({ contexts: z.array(context), nextCursor })
  .register(outputs, { id: "ContextPage" });

export const historyPage = z
  .strictObject({
    versions: z.array(z.strictObject({ version: z.int().min(1), at: time, actor: z.string(), operation })),
    nextCursor,
  })
  .register(outputs, { id: "HistoryPage" });

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
    types: z.record(z.string(), jsonSchema).optional(),
    metadata: jsonSchema.optional(),
    embeddings: z.strictObject({ dimensions: z.int().min(1) }).optional(),
  })
  .register(outputs, { id: "ComponentDescription" });

export const componentDescriptions = z
  .strictObject({ components: z.array(componentDescription) })
  .register(outputs, { id: "ComponentDescriptions" });
