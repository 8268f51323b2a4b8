import type { Entry, Write, WriteGroup } from "./engine.ts";

type Body = NonNullable<Entry["body"]>;

const sizeOf = ({ content, metadata, embeddings }: Body): number =>
  content.length + metadata.length + (embeddings?.length ?? 0);

/** The same of one write. */
export const sizeOfWrite = (write: Write): number => (write.operation === "delete" ? 0 : sizeOf(write));

/** How much a group holds, near enough to bytes to choose a way by. */
export const sizeOfGroup = (group: WriteGroup): number =>
  group.writes.reduce((sum, write) => sum + sizeOfWrite(write), 0);

/** The same of an entry of the change log. */
export const sizeOfEntry = ({ body }: Entry): number => (body ? sizeOf(body) : 0);
