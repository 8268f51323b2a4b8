import { limits } from "../base/limits.ts";
import type { ContextStore } from "../model/context-store.ts";
import type { Document } from "./document.ts";
import { pruneDocuments } from "./prune-documents.ts";
import { readSections, type Sections } from "./read-sections.ts";
import { removeContexts } from "./remove-contexts.ts";
import { storeChanged } from "./store-changed.ts";
import type { Problem, Walk } from "./walk.ts";

export type DocumentSource = Walk & {
  /** Begins the ids of all contexts of these documents. */
  readonly source: string;
  /** The folder that the paths are relative to. */
  readonly root: string;
};

export type ImportOptions = {
  /** Whether the contexts of files that are no longer there are removed. Sections that vanished from a file always are. */
  readonly prune?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told after each file how many were looked at. */
  readonly onProgress?: ((files: number) => void) | undefined;
};

export type ImportReport = {
  /** Files that were read. */
  readonly files: number;
  /** Of sections, not of files. */
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  /** Files that were left out, and why. */
  readonly problems: readonly Problem[];
};

type Counts = { created: number; changed: number; unchanged: number; removed: number };

/**
 * Makes the store say what the files say. Every section is compared with what stands: one that is the same
 * gets no new version, and one that somebody changed or deleted in the store comes back, with theirs in its
 * history. Interrupted, it is finished by running it again.
 */
export const importDocuments = async (
  store: ContextStore<typeof Document>,
  { source, root, paths, problems }: DocumentSource,
  options: ImportOptions = {},
): Promise<ImportReport> => {
  const { signal, onProgress, prune = false } = options;
  const counts: Counts = { created: 0, changed: 0, unchanged: 0, removed: 0 };
  const left = [...problems];
  let files = 0;
  let batch: Sections[] = [];

  const flush = async (): Promise<void> => {
    const { created, changed, unchanged, removed } = await storeBatch(store, batch, signal);
    counts.created += created;
    counts.changed += changed;
    counts.unchanged += unchanged;
    counts.removed += removed;
    batch = [];
  };

  for (const [index, path] of paths.entries()) {
    signal?.throwIfAborted();
    const read = await readSections({ source, root, path });
    if (read.problem === undefined) {
      if (isFull([...batch, read])) await flush();
      batch.push(read);
      files++;
    } else {
      left.push({ path, problem: read.problem });
    }
    onProgress?.(index + 1);
  }
  await flush();
  if (prune) counts.removed += await pruneDocuments(store, source, { paths, problems }, signal);
  return { files, ...counts, problems: left };
};

const isFull = (batch: readonly Sections[]): boolean =>
  batch.length > 1 &&
  (batch.reduce((sum, { sections }) => sum + sections.length, 0) > limits.importedContexts ||
    batch.reduce((sum, { bytes }) => sum + bytes, 0) > limits.importedBytes);

/**
 * The sections first, then what vanished, the files last: wherever it is interrupted, nothing is missing,
 * and the files still name what is to be removed.
 */
const storeBatch = async (
  store: ContextStore<typeof Document>,
  batch: readonly Sections[],
  signal: AbortSignal | undefined,
): Promise<Counts> => {
  const files = batch.map(({ file }) => file);
  const sections = batch.flatMap((one) => one.sections);
  const before = await store.retrieveContexts(
    files.map(({ id }) => id),
    { signal },
  );
  const standing = new Set(sections.map(({ id }) => id));
  const vanished = before
    .flatMap((file) => (file?.type === "file" ? file.content.sections : []))
    .filter((id) => !standing.has(id));
  const stored = await storeChanged(store, sections, { signal });
  const removed = await removeContexts(store, vanished, signal);
  await storeChanged(store, files, { signal });
  return { ...stored, removed };
};
