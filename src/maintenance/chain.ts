import { createHash } from "node:crypto";
import type { Entry } from "../engine/engine.ts";

/** What a chain begins with, before the first entry. */
export const chainStart: Buffer = Buffer.alloc(32);

/**
 * The SHA-256 of an entry with the hash of the one before it, so that two chains are equal only where every entry up
 * to there is. The lengths in the head keep one field from running into the next.
 */
export const chain = (before: Buffer, entry: Entry): Buffer => {
  const { change, schemaVersion, body, parent, expiresAt } = entry;
  const { position, operation, component, id, type, version, at, actor, write } = change;
  const content = Buffer.from(body?.content ?? "");
  const metadata = Buffer.from(body?.metadata ?? "");
  const embeddings = body?.embeddings ?? new Uint8Array();
  const head = JSON.stringify([
    ...[position, operation, component, id, type, version, at, actor, write, schemaVersion],
    body && [content.length, metadata.length, embeddings.length],
    ...(parent === undefined && expiresAt === undefined ? [] : [{ parent, expiresAt }]),
  ]);
  const hash = createHash("sha256").update(before).update(head);
  return hash.update("\n").update(content).update(metadata).update(embeddings).digest();
};
