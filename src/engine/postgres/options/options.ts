import type { ConnectionOptions } from "node:tls";
import type { Pool } from "pg";
import { checkOptions, checkWhole } from "../../../base/arguments.ts";
import { ContextbaseError } from "../../../base/errors.ts";
import { limits } from "../../../base/limits.ts";
import { checkTimeouts, type PostgresTimeouts } from "./timeouts.ts";
import { type SplitUrl, splitUrl } from "./url.ts";

export type { PostgresTimeouts } from "./timeouts.ts";

export type PostgresOptions = {
  /**
   * `postgres://user:password@host:port/database`, and after a `?` what is said of `schema`, `connections`, `prepared`,
   * `vectorMemoryBytes`, each timeout by its name, and `sslmode`. An option wins.
   */
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
  /**
   * Memory in which components that are searched by vector again and again are known, so that such a search takes one
   * short trip. Left out: 256 MiB. 0: none.
   */
  readonly vectorMemoryBytes?: number | undefined;
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
  readonly vectorMemoryBytes: number;
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
  "vectorMemoryBytes",
  "timeouts",
];

const mostConnections = 1_000;
/** PostgreSQL cuts longer names off. */
const schemaNameBytes = 63;

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

const unnamed: Partial<SplitUrl> & Pick<SplitUrl, "named"> = { named: { timeouts: {} } };

/** @throws ContextbaseError invalid_argument */
export const checkPostgresOptions = (options: PostgresOptions): CheckedOptions => {
  checkOptions("postgres", options, known);
  if ((options.url === undefined) === (options.pool === undefined)) {
    throw invalid("Give postgres either a url or a pool.");
  }
  const withTls = options.tls !== undefined;
  const { url, named } = options.url === undefined ? unnamed : splitUrl(options.url, withTls);
  const schema = options.schema ?? named.schema ?? "contextbase";
  if (typeof schema !== "string" || schema === "" || Buffer.byteLength(schema) > schemaNameBytes) {
    throw invalid(`The schema's name must be a text of up to ${schemaNameBytes} bytes.`);
  }
  const { listenUrl } = options;
  const listenByDefault = listenUrl === "" ? undefined : url;
  return {
    url,
    pool: options.pool,
    schema,
    tls: options.tls,
    connections: checkWhole(
      "connections",
      options.connections ?? named.connections ?? 10,
      1,
      mostConnections,
    ),
    listenUrl: listenUrl ? splitUrl(listenUrl, withTls).url : listenByDefault,
    prepared: options.prepared ?? named.prepared ?? true,
    vectorMemoryBytes: checkWhole(
      "vectorMemoryBytes",
      options.vectorMemoryBytes ?? named.vectorMemoryBytes ?? limits.mirrorsBytesDefault,
      0,
      limits.mirrorsBytes,
    ),
    timeouts: checkTimeouts(named.timeouts, options.timeouts),
  };
};
