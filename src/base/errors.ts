import { type ErrorCode, errorTable, retryableCodes } from "./error-table.ts";

export type ErrorDetails = Readonly<Record<string, unknown>>;

export type ErrorOptions = {
  readonly component?: string | undefined;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
};

/** The one base class of all errors. `details` is safe to print: it never holds a secret or a content. */
export class ContextbaseError extends Error {
  readonly code: ErrorCode;
  readonly component: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.component = options.component;
    this.details = options.details ?? {};
    Object.defineProperty(this, "name", { value: new.target.name, configurable: true, writable: true });
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get exit(): number {
    return errorTable[this.code].exit;
  }

  get retryable(): boolean {
    return retryableCodes.has(this.code);
  }
}

/** `details`: `id`, and the `version` or time that was asked for. */
export class ContextNotFoundError extends ContextbaseError {
  /** @param asked the version or time that is not there, where one was asked for */
  constructor(component: string, id: string, asked: { version?: number; asOf?: string } = {}) {
    const { version, asOf } = asked;
    const missing =
      version !== undefined
        ? `has no version ${version} that can be read`
        : asOf !== undefined
          ? `did not exist at ${asOf}`
          : "does not exist";
    super("context_not_found", `${component} ${JSON.stringify(id)} ${missing}.`, {
      component,
      details: { id, ...asked },
    });
  }
}

/** What every call after the closing of a store throws. */
export const closedError = (): ContextbaseError =>
  new ContextbaseError("closed", "The store is closed. Open it again with openContextbase.");

export type VersionConflict = {
  readonly component: string;
  readonly id: string;
  /** The version that the write would have been. */
  readonly attempted: number;
  /** The version that is current; 0 where the id was never used. */
  readonly current: number;
  readonly base?: unknown;
  readonly yours?: unknown;
  readonly theirs?: unknown;
};

type Told = { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails };

/** A write counted on a version that is not current. Nothing was changed, in a batch too. */
export class VersionConflictError extends ContextbaseError {
  readonly id: string;
  readonly attempted: number;
  readonly current: number;
  /**
   * The version that was counted on, where it can be read; what was to be written; and what stands. Not enumerable, so
   * that no logger prints them.
   */
  declare readonly base: unknown;
  declare readonly yours: unknown;
  declare readonly theirs: unknown;

  /** @param told what is said of a conflict of a special kind */
  constructor(conflict: VersionConflict, told: Told = tellConflict(conflict)) {
    const { component, id, attempted, current, base, yours, theirs } = conflict;
    super(told.code, told.message, { component, details: { id, attempted, current, ...told.details } });
    this.id = id;
    this.attempted = attempted;
    this.current = current;
    for (const [name, value] of Object.entries({ base, yours, theirs }))
      Object.defineProperty(this, name, { value, enumerable: false });
  }
}

const tellConflict = ({ component, id, attempted, current }: VersionConflict): Told => {
  const stands = current === 0 ? "the id was never used" : `version ${current} is current`;
  const message =
    `${component} ${JSON.stringify(id)} cannot become version ${attempted}: ${stands}. ` +
    "Read it again, make the change on what stands, and store that; or leave the version out.";
  return { code: "version_conflict", message, details: {} };
};

/** `details`: `path` (such as `content.name`) and, in a batch, `index`. */
export class InvalidContextError extends ContextbaseError {
  constructor(message: string, options: ErrorOptions = {}) {
    super("invalid_context", message, options);
  }
}
