import { type Context, ContextbaseError, VersionConflictError } from "../../index.ts";
import type { Model, ModelContext, ModelOutcome } from "./model.ts";

// What the store and the model answer, told in one way, so that the two can be compared.

export const plain = (context: Context | undefined): ModelContext | undefined =>
  context && {
    id: context.id,
    type: context.type,
    content: context.content,
    embeddings: Array.from(context.embeddings),
    metadata: context.metadata,
    createdAt: context.createdAt.getTime(),
    updatedAt: context.updatedAt.getTime(),
    version: context.version,
  };

/** What a call of the store came to. */
export const outcomeOf = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof VersionConflictError) {
      return { conflict: cause.id, attempted: cause.attempted, current: cause.current };
    }
    if (cause instanceof ContextbaseError) return cause.code;
    throw cause;
  }
};

/** What the model says that a write comes to, where `written` tells one that happened, now or before. */
export const toldBy = (model: Model) => {
  const tell = (outcome: ModelOutcome, written: (contexts: unknown[]) => unknown): unknown => {
    switch (outcome.status) {
      case "conflict":
        return { conflict: outcome.id, attempted: outcome.attempted, current: outcome.current };
      case "reused":
        return "write_reused";
      case "absent":
        return false;
      default:
        return written(outcome.changes.map(model.toContext));
    }
  };
  return {
    one: (outcome: ModelOutcome) => tell(outcome, ([context]) => context),
    batch: (outcome: ModelOutcome) => tell(outcome, (contexts) => contexts),
    deletion: (outcome: ModelOutcome) => tell(outcome, () => true),
  };
};
