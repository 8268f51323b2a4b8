import type { ErrorCode } from "../../../base/error-table.ts";
import { ContextbaseError } from "../../../base/errors.ts";
import { NoAnswerError, NoConnectionError } from "./trip.ts";

/** What a failure of the server or the way to it means for the call that met it. */
type Kind =
  /** Nothing happened, and the same may go well at once: two met, or a server is just starting. */
  | "again"
  /** The connection is gone: what was on its way may have happened. */
  | "lost"
  /** Nothing happened, and trying again by itself would not help. */
  | "refused";

type Fault = { readonly code: ErrorCode; readonly kind: Kind; readonly what: string };

const unreachable: Fault = {
  code: "storage_unreachable",
  kind: "lost",
  what: "cannot be reached, or went away",
};

const standby: Fault = {
  code: "storage_read_only",
  kind: "again",
  what: "is a standby, which cannot be written; name the primary",
};

/** By the beginning of the SQLSTATE (PostgreSQL's appendix A); the first that fits counts. */
const faults: readonly (readonly [prefix: string, fault: Fault])[] = [
  ["40001", { code: "storage_busy", kind: "again", what: "found two transactions in each other's way" }],
  ["40P01", { code: "storage_busy", kind: "again", what: "found two transactions in each other's way" }],
  // A write id that somebody else used, or gave up, at this moment: the next try finds out which.
  ["23505", { code: "storage_busy", kind: "again", what: "met the same write twice" }],
  // A pooler that forgot what was prepared through it.
  ["26000", { code: "storage_busy", kind: "again", what: "lost its prepared statements" }],
  ["42P05", { code: "storage_busy", kind: "again", what: "lost its prepared statements" }],
  ["55P03", { code: "storage_busy", kind: "again", what: "kept a lock too long; try again" }],
  ["53300", { code: "storage_busy", kind: "again", what: "has no connection left" }],
  [
    "53100",
    { code: "storage_full", kind: "refused", what: "cannot grow: its disk is full. Free some space" },
  ],
  ["53", { code: "storage_busy", kind: "refused", what: "has not enough memory or room; try again" }],
  ["57014", { code: "storage_timeout", kind: "refused", what: "took too long over a statement" }],
  ["57P03", { ...unreachable, kind: "again", what: "is starting or stopping" }],
  ["57P", unreachable],
  ["08", unreachable],
  ["25P03", unreachable],
  ["25006", standby],
  [
    "42501",
    {
      code: "storage_read_only",
      kind: "refused",
      what: "gives this role too few rights. Let the owner run: contextbase update --role ROLE",
    },
  ],
  ["28", { code: "storage_unavailable", kind: "refused", what: "refuses this user or its password" }],
  [
    "3D000",
    {
      code: "storage_unavailable",
      kind: "refused",
      what: "names a database that does not exist. Create it first",
    },
  ],
  [
    "3F000",
    {
      code: "not_a_store",
      kind: "refused",
      what: "holds no Contextbase store. Make one as the owner: contextbase update",
    },
  ],
  [
    "42P01",
    {
      code: "not_a_store",
      kind: "refused",
      what: "holds no Contextbase store. Make one as the owner: contextbase update",
    },
  ],
  ["XX001", { code: "storage_corrupt", kind: "refused", what: "is damaged. Restore it from a backup" }],
  ["XX002", { code: "storage_corrupt", kind: "refused", what: "has a damaged index. REINDEX it" }],
  ["58", { code: "storage_failed", kind: "refused", what: "failed to read or write its disk" }],
];

/** A failure of TLS: the way is there, and trying again leads to the same end. */
const untrusted: Fault = {
  code: "storage_unavailable",
  kind: "refused",
  what: "has no TLS, or a certificate that is not trusted. See the option tls, and sslmode in the url",
};

const passwordless: Fault = {
  code: "storage_unavailable",
  kind: "refused",
  what: "asks for a password. Give one in the url, in PGPASSWORD or in ~/.pgpass",
};

const exhausted: Fault = {
  code: "storage_busy",
  kind: "again",
  what: "is reached by a pool whose connections are all in use",
};

/** Errors that `pg` makes itself have no code, only these beginnings. */
const driverFaults: readonly (readonly [beginning: string, fault: Fault])[] = [
  ["timeout exceeded when trying to connect", exhausted],
  ["timeout expired", unreachable],
  ["Connection terminated", unreachable],
  ["Client has encountered a connection error", unreachable],
  ["Client was closed", unreachable],
  ["Cannot use a pool", unreachable],
  ["SASL: SCRAM-SERVER-FIRST-MESSAGE: client password", passwordless],
  ["The server does not support SSL", untrusted],
  ["There was an error establishing an SSL", unreachable],
];

const codeOf = (cause: Error): string | undefined =>
  "code" in cause && typeof cause.code === "string" ? cause.code : undefined;

/** What a standby says to BEGIN READ WRITE has the SQLSTATE of every unsupported feature; its routine tells it apart. */
const isReadWriteRefused = (cause: Error): boolean =>
  codeOf(cause) === "0A000" && "routine" in cause && cause.routine === "call_bool_check_hook";

const faultOf = (cause: unknown): Fault | undefined => {
  if (cause instanceof NoAnswerError) return unreachable;
  if (cause instanceof NoConnectionError) return exhausted;
  if (!(cause instanceof Error)) return undefined;
  const code = codeOf(cause);
  if (isReadWriteRefused(cause)) return standby;
  // What the server says has a severity and its SQLSTATE; what Node says of a socket, a code of its own.
  if (code !== undefined && "severity" in cause)
    return faults.find(([prefix]) => code.startsWith(prefix))?.[1];
  if (code !== undefined && /CERT|TLS|SSL|VERIFY|SIGNED/.test(code)) return untrusted;
  if (code !== undefined && "syscall" in cause) return unreachable;
  return driverFaults.find(([beginning]) => cause.message.startsWith(beginning))?.[1];
};

export const kindOf = (cause: unknown): Kind =>
  cause instanceof ContextbaseError ? "refused" : (faultOf(cause)?.kind ?? "refused");

/** Names an error of the server or the connection. @param place the server and database, without a password */
export const toFault = (cause: unknown, place: string): unknown => {
  if (cause instanceof ContextbaseError) return cause;
  const fault = faultOf(cause);
  const state = cause instanceof Error ? (codeOf(cause) ?? cause.message) : String(cause);
  if (fault) {
    const message = `${place} ${fault.what} (${state}).`;
    return new ContextbaseError(fault.code, message, { cause, details: { place, state } });
  }
  const message = `PostgreSQL refused a statement of Contextbase's own (${state}). Please report this.`;
  return new ContextbaseError("internal", message, { cause, details: { place, state } });
};

export const unknownOutcome = (cause: unknown, place: string): ContextbaseError =>
  new ContextbaseError(
    "outcome_unknown",
    `The connection to ${place} failed while a write was made durable, and could not be had again in time. ` +
      "Ask findWrite whether this write happened before you send it again.",
    { cause, details: { place } },
  );
