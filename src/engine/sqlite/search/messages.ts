import type { ErrorCode } from "../../../base/error-table.ts";
import type { ErrorDetails } from "../../../base/errors.ts";
import type { Indexing } from "../../../model/indexing.ts";
import type { Key, SearchAnswer } from "../../engine.ts";
import type { StoreFile } from "../connection/store-file.ts";
import type { Asked } from "./answering/answering.ts";

export type IndexingEntries = readonly (readonly [component: string, indexing: Indexing])[];

/** What the search thread is started with. */
export type SearchThreadData = { readonly file: StoreFile; readonly indexings: IndexingEntries };

/** What it is told. */
export type SearchOrder =
  | { readonly number: number; readonly query: Asked }
  | { readonly indexings: IndexingEntries }
  | { readonly expected: Key }
  | "close";

export type SearchFault = {
  readonly code: ErrorCode;
  readonly message: string;
  readonly component: string | undefined;
  readonly details: ErrorDetails;
};

/** What it answers. */
export type SearchReply = { readonly number: number } & (
  | { readonly answer: SearchAnswer; readonly contexts: number; readonly fault?: undefined }
  | { readonly fault: SearchFault }
);
