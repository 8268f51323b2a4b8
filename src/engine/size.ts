import type { Write, WriteGroup } from "./engine.ts";

const sizeOf = (write: Write): number =>
  write.operation === "delete"
    ? 0
    : write.content.length + write.metadata.length + (write.embeddings?.length ?? 0);

/** How much a group holds, near enough to bytes to choose a way by. */
export const sizeOfGroup = (group: WriteGroup): number =>
  group.writes.reduce((sum, write) => sum + sizeOf(write), 0);
