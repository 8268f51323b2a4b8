import type { ConnectionOptions } from "node:tls";
import type { Pool } from "pg";
import { checkOptions, checkWhole } from "../../base/arguments.ts";
import { ContextbaseError } from "../../base/errors.ts";

export type PostgresTimeouts = {
  /** Making a connection, and waiting for one of the pool. */
  readonly connectMilliseconds: number;
  /** A statement that reads. Its answer is waited for a little longer; then the connection is taken for lost. */
  readonly statementMilliseconds: number;
  /**
   * Waiting for a lock before it is tried again: writes of one tenant come one after another. The answer to a write is
   * waited for twice as long, and longer for a large one; then the connection is taken for lost.
   */
  readonly lockMilliseconds: number;
  /** A whole call, with all its tries. */
  readonly callMilliseconds: number;
};

export type PostgresOptions = {
  /** `postgres://user:password@host:port/database`; `?schema=name` names the schema. */
  readonly url?: string | undefined;
  /** A pool of the caller's own, in place of `url`. It is not closed with the store. */
  readonly pool?: Pool | undefined;
  /** The schema of the tables. Left out: `contextbase`. */
  readonly schema?: string | undefined;
  /** TLS: true verifies the server's certificate; options as of `tls.connect`. Left out: what the url says. */
  readonly tls?: boolean | ConnectionOptions | undefined;
  /** Connections at most. Left out: 10. */
  readonly connections?: number | undefined;
  /** A url that goes past a transaction pooler, for LISTEN. Left out: `url`. Empty: changes are polled for. */
  readonly listenUrl?: string | undefined;
  /** False behind a pooler that cannot keep prepared statements (PgBouncer before 1.21). Left out: true. */
  readonly prepared?: boolean | undefined;
  readonly timeouts?: Partial<PostgresTimeouts> | undefined;
};

export type CheckedOptions = {
  readonly url: string | undefined;
  readonly pool: Pool | undefined;
  readonly schema: string;
  readonly tls: boolean | ConnectionOptions | undefined;
  readonly connections: number;
  readonly listenUrl: string | undefined;
  readonly prepared: boolean;
  readonly timeouts: PostgresTimeouts;
};

const known: readonly (keyof PostgresOptions)[] = [
  "url",
  "pool",
  "schema",
  "tls",
  "connections",
  "listenUrl",
  "prepared",
  "timeouts",
];

const defaultTimeouts: PostgresTimeouts = {
  connectMilliseconds: 3_000,
  statementMilliseconds: 4_000,
  lockMilliseconds: 2_000,
  callMilliseconds: 30_000,
};

const mostMilliseconds = 24 * 60 * 60 * 1000;
const mostConnections = 1_000;
/** PostgreSQL cuts longer names off. */
const schemaNameBytes = 63;

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const checkTimeouts = (given: Partial<PostgresTimeouts> = {}): PostgresTimeouts => {
  checkOptions("timeouts", given, Object.keys(defaultTimeouts));
  const timeouts = { ...defaultTimeouts, ...given };
  for (const [name, value] of Object.entries(timeouts)) checkWhole(name, value, 1, mostMilliseconds);
  return timeouts;
};

/** A / ? or # in a password would end the host: what follows it then holds the @. Told without the url. */
const parseUrl = (url: string): URL => {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed && !`${parsed.pathname}${parsed.search}${parsed.hash}`.includes("@")) return parsed;
  throw invalid(
    "The url is none that can be read. It has the form postgres://user:password@host:port/database; percent-encode what is special in the password (@ is %40, / is %2F).",
  );
};

/** The modes that `pg` takes for verify-full, each time with a warning of several lines. */
const verifiedModes = ["prefer", "require", "verify-ca"];

/** The schema that a url names, and the url without it: to the server it says nothing. */
const splitUrl = (url: string): { readonly url: string; readonly schema: string | null } => {
  const parsed = parseUrl(url);
  const { searchParams } = parsed;
  const schema = searchParams.get("schema");
  searchParams.delete("schema");
  const mode = searchParams.get("sslmode") ?? "";
  if (verifiedModes.includes(mode) && !searchParams.has("uselibpqcompat")) {
    searchParams.set("sslmode", "verify-full");
  }
  return { url: parsed.href, schema };
};

/** @throws ContextbaseError invalid_argument */
export const checkPostgresOptions = (options: PostgresOptions): CheckedOptions => {
  checkOptions("postgres", options, known);
  if ((options.url === undefined) === (options.pool === undefined)) {
    throw invalid("Give postgres either a url or a pool.");
  }
  const named = options.url === undefined ? undefined : splitUrl(options.url);
  const schema = options.schema ?? named?.schema ?? "contextbase";
  if (typeof schema !== "string" || schema === "" || Buffer.byteLength(schema) > schemaNameBytes) {
    throw invalid(`The schema's name must be a text of up to ${schemaNameBytes} bytes.`);
  }
  const listenByDefault = options.listenUrl === "" ? undefined : named?.url;
  return {
    url: named?.url,
    pool: options.pool,
    schema,
    tls: options.tls,
    connections: checkWhole("connections", options.connections ?? 10, 1, mostConnections),
    listenUrl: options.listenUrl ? splitUrl(options.listenUrl).url : listenByDefault,
    prepared: options.prepared ?? true,
    timeouts: checkTimeouts(options.timeouts),
  };
};
