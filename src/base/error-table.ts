/**
 * Every error of the product: its code, what it means, its HTTP status and the exit code of the command
 * line. `docs/errors.md` is checked against this table.
 */
export const errorTable = {
  context_not_found: { status: 404, exit: 1, meaning: "No context has this id." },
  version_conflict: {
    status: 409,
    exit: 1,
    meaning: "Another version is current than the write counted on.",
  },
  merge_conflict: {
    status: 409,
    exit: 1,
    meaning: "Both sides changed what no merge policy settles.",
  },
  precondition_failed: { status: 412, exit: 1, meaning: "If-Match or If-None-Match does not hold." },
  invalid_context: { status: 422, exit: 1, meaning: "A context does not fit its component." },
  invalid_patch: { status: 422, exit: 1, meaning: "A JSON Patch is none, or does not fit the value." },
  invalid_component: { status: 500, exit: 1, meaning: "A component's definition is wrong." },
  unknown_component: {
    status: 404,
    exit: 1,
    meaning: "No such component was given when the store was opened.",
  },
  invalid_argument: { status: 400, exit: 2, meaning: "A parameter or option is wrong." },
  invalid_cursor: { status: 400, exit: 1, meaning: "The cursor belongs to another list, or is none." },
  invalid_json: { status: 400, exit: 1, meaning: "The text is no JSON that can be stored." },
  header_too_large: {
    status: 431,
    exit: 1,
    meaning: "The url and the headers of a request are too long together.",
  },
  too_large: { status: 413, exit: 1, meaning: "A limit of size or number is passed." },
  write_reused: { status: 422, exit: 1, meaning: "The write id was used before, for another write." },
  too_busy: { status: 503, exit: 1, meaning: "Too many writes wait, or too many streams are open." },
  closed: { status: 503, exit: 1, meaning: "The store is closed." },
  wrong_key: { status: 500, exit: 1, meaning: "The key does not open this file." },
  not_a_store: { status: 500, exit: 1, meaning: "There is no Contextbase store at this place." },
  newer_layout: { status: 500, exit: 1, meaning: "A newer Contextbase made this store." },
  older_layout: { status: 500, exit: 1, meaning: "The store's tables are older than this Contextbase." },
  position_expired: { status: 410, exit: 1, meaning: "The change log does not go on from this position." },
  version_removed: {
    status: 410,
    exit: 1,
    meaning: "The version, or what stood at that time, was removed by retention.",
  },
  newer_schema: {
    status: 409,
    exit: 1,
    meaning: "A newer program wrote the context, of a schema version that this one does not know.",
  },
  upgrade_failed: {
    status: 500,
    exit: 1,
    meaning: "An upgrade of old content threw, or gave what does not fit the schema.",
  },
  incompatible_schema: {
    status: 500,
    exit: 1,
    meaning: "A component's schemas do not go with those that the store noted.",
  },
  embedding_changed: {
    status: 500,
    exit: 1,
    meaning: "The store's vectors are of another model or length than the component declares.",
  },
  embedding_failed: { status: 502, exit: 1, meaning: "The embedder refused, or gave what are no vectors." },
  embedding_unavailable: {
    status: 503,
    exit: 1,
    meaning: "The embedder cannot be reached, or has no time.",
  },
  stores_differ: { status: 409, exit: 1, meaning: "Two stores that are to be the same are not." },
  storage_timeout: { status: 503, exit: 1, meaning: "The database did not answer in time." },
  storage_busy: { status: 503, exit: 1, meaning: "Another process holds the store's lock." },
  storage_full: { status: 507, exit: 1, meaning: "The disk is full." },
  storage_read_only: { status: 500, exit: 1, meaning: "The store cannot be written here." },
  storage_corrupt: { status: 500, exit: 1, meaning: "A page of the file is damaged." },
  storage_unavailable: { status: 503, exit: 1, meaning: "The store cannot be opened." },
  storage_unreachable: { status: 503, exit: 1, meaning: "The database server cannot be reached." },
  storage_failed: { status: 503, exit: 1, meaning: "The disk or the database refused a read or a write." },
  outcome_unknown: {
    status: 503,
    exit: 1,
    meaning: "The disk or the connection failed while a write was made durable.",
  },
  invalid_receipt: { status: 400, exit: 1, meaning: "The receipt of an assembly is none, or was changed." },
  receipt_expired: {
    status: 410,
    exit: 1,
    meaning: "A version that a receipt names cannot be read any more.",
  },
  receipt_differs: { status: 409, exit: 1, meaning: "What a receipt names gives another text now." },
  not_found: { status: 404, exit: 1, meaning: "No such route, or no write of this id." },
  method_not_allowed: { status: 405, exit: 1, meaning: "The route does not take this method." },
  unsupported_media_type: {
    status: 415,
    exit: 1,
    meaning: "The body is not of a type that this route takes.",
  },
  forbidden_origin: { status: 403, exit: 1, meaning: "The Host or Origin is not this machine." },
  cannot_listen: { status: 500, exit: 1, meaning: "The server cannot listen on this host and port." },
  internal: { status: 500, exit: 1, meaning: "A defect in Contextbase." },
} as const satisfies Record<string, { status: number; exit: number; meaning: string }>;

export type ErrorCode = keyof typeof errorTable;

/** What can be tried again unchanged, with hope. */
export const retryableCodes: ReadonlySet<ErrorCode> = new Set([
  "too_busy",
  "embedding_unavailable",
  "storage_busy",
  "storage_full",
  "storage_timeout",
  "storage_unreachable",
]);
