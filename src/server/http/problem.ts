import { type ErrorCode, errorTable } from "../../base/error-table.ts";
import { ContextbaseError } from "../../base/errors.ts";

/** An error as RFC 9457 tells it, with our code and details. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: (typeof errorTable)[ErrorCode]["status"];
  readonly detail: string;
  readonly code: ErrorCode;
  readonly component?: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
};

export const problemType = "application/problem+json";

/** Of a defect nothing is told but that it is one. */
export const toContextbaseError = (cause: unknown): ContextbaseError =>
  cause instanceof ContextbaseError
    ? cause
    : new ContextbaseError("internal", "Contextbase failed. Its log tells why.", { cause });

export const toProblem = (error: ContextbaseError): Problem => ({
  type: `urn:contextbase:error:${error.code}`,
  title: errorTable[error.code].meaning,
  status: errorTable[error.code].status,
  detail: error.message,
  code: error.code,
  ...(error.component !== undefined && { component: error.component }),
  retryable: error.retryable,
  details: error.details,
});
