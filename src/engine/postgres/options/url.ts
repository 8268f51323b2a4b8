import { ContextbaseError } from "../../../base/errors.ts";
import type { PostgresTimeouts } from "./timeouts.ts";

/** What a url says to Contextbase itself; the server is not told of it. */
export type NamedByUrl = {
  readonly schema?: string;
  readonly connections?: number;
  readonly prepared?: boolean;
  readonly vectorMemoryBytes?: number;
  readonly timeouts: Partial<PostgresTimeouts>;
};

export type SplitUrl = { readonly url: string; readonly named: NamedByUrl };

const numbers = [
  "connectMilliseconds",
  "statementMilliseconds",
  "lockMilliseconds",
  "callMilliseconds",
] as const satisfies readonly (keyof PostgresTimeouts)[];

const invalid = (message: string): ContextbaseError => new ContextbaseError("invalid_argument", message);

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

const tlsParameters = [
  "ssl",
  "sslmode",
  "sslcert",
  "sslkey",
  "sslrootcert",
  "sslnegotiation",
  "uselibpqcompat",
];

const take = (parameters: URLSearchParams, name: string): string | undefined => {
  const value = parameters.get(name) ?? undefined;
  parameters.delete(name);
  return value;
};

const takeBoolean = (parameters: URLSearchParams, name: string): boolean | undefined => {
  const value = take(parameters, name);
  if (value === undefined || value === "true" || value === "false")
    return value === undefined ? undefined : value === "true";
  throw invalid(`The url says ${name}=${value}. It is true or false.`);
};

/**
 * A url without what it says to Contextbase itself.
 * @param withTls whether TLS is said by an option: then the url has no say in it
 * @throws ContextbaseError invalid_argument
 */
export const splitUrl = (url: string, withTls: boolean): SplitUrl => {
  const parsed = parseUrl(url);
  const { searchParams } = parsed;
  const schema = take(searchParams, "schema");
  const connections = take(searchParams, "connections");
  const prepared = takeBoolean(searchParams, "prepared");
  const vectorMemoryBytes = take(searchParams, "vectorMemoryBytes");
  const timeouts: Partial<Record<(typeof numbers)[number], number>> = {};
  for (const name of numbers) {
    const value = take(searchParams, name);
    if (value !== undefined) timeouts[name] = Number(value);
  }
  if (withTls) for (const name of tlsParameters) searchParams.delete(name);
  const mode = searchParams.get("sslmode") ?? "";
  if (verifiedModes.includes(mode) && !searchParams.has("uselibpqcompat")) {
    searchParams.set("sslmode", "verify-full");
  }
  return {
    url: parsed.href,
    named: {
      ...(schema !== undefined && { schema }),
      ...(connections !== undefined && { connections: Number(connections) }),
      ...(prepared !== undefined && { prepared }),
      ...(vectorMemoryBytes !== undefined && { vectorMemoryBytes: Number(vectorMemoryBytes) }),
      timeouts,
    },
  };
};
