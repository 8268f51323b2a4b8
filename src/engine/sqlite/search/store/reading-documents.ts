import { tagOf } from "../../../../model/embedding-bytes.ts";
import type { Indexing } from "../../../../model/indexing.ts";
import { bodyPathsOf, type Path, parsePath } from "../../../../model/path.ts";
import { textsOf } from "../../../../search/text/texts-of.ts";
import { parseStored, valuesAt } from "../../../in-memory/body-values.ts";
import type { Document } from "../../../in-memory/documents.ts";
import type { Bodies, DocumentRow, Reading } from "./store-reader.ts";

/** How the rows of a component's contexts are read, and what of them is kept. */
export type DocumentReading = {
  /** The declared paths within content and metadata. */
  readonly paths: readonly Path[];
  readonly reading: Reading;
  readonly toDocument: (row: DocumentRow) => Document;
  /** The embedding, where it is of the model and the dimensions that are searched. */
  readonly embeddingOf: (embedding: Buffer | null) => Uint8Array | undefined;
  readonly textReading: Reading;
  readonly toTexts: (bodies: Bodies) => readonly { readonly text: string }[];
};

const readingFor = (paths: readonly Path[], embeddings: boolean): Reading => ({
  content: paths.some(({ root }) => root === "content"),
  metadata: paths.some(({ root }) => root === "metadata"),
  embeddings,
});

const floatBytes = 4;

export const createDocumentReading = ({
  paths: texts,
  searchText,
  dimensions,
  tag,
}: Indexing): DocumentReading => {
  const paths = bodyPathsOf(texts);
  const embeddingBytes = (dimensions ?? 0) * floatBytes + tag.length / 2;

  const toDocument = (row: DocumentRow): Document => ({
    id: row.id,
    version: row.version,
    place: row.place,
    row: row.row,
    type: row.type,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    schemaVersion: row.schema_version,
    values: valuesAt(paths, row),
  });

  return {
    paths,
    reading: readingFor(paths, dimensions !== undefined),
    toDocument,
    embeddingOf: (embedding) =>
      embedding?.length === embeddingBytes && tagOf(embedding) === tag ? embedding : undefined,
    textReading: readingFor(searchText.map(parsePath), false),
    toTexts: ({ content, metadata }) => textsOf(searchText, parseStored(content), parseStored(metadata)),
  };
};
