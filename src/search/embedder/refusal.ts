import { ContextbaseError } from "../../base/errors.ts";

/** Why a request brought no vectors. It never holds what was sent: neither the key nor a text. */
export type Refusal = {
  /** What happened, to be read behind the server's name: `answered 429`. */
  readonly problem: string;
  readonly mend: string;
  /** Whether the same request may be answered another time. */
  readonly passes: boolean;
  readonly status?: number;
  /** How long the server asked to be left alone, in milliseconds. */
  readonly waitMilliseconds?: number;
};

const mends: Readonly<Record<number, string>> = {
  400: "It does not take such texts, or so many at once: give a smaller batch, or check the model's options.",
  401: "Check the key.",
  403: "Check the key, and what it may do.",
  404: "Check the url (it usually ends with /v1), and that the server has this model.",
  413: "Give a smaller batch or batchBytes.",
  429: "Try again later, or give fewer requests at one moment.",
};

const isPassing = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

const mendOf = (status: number): string => {
  if (status >= 300 && status < 400) return "It leads elsewhere, where nothing is sent: give the url itself.";
  return (
    mends[status] ??
    (status >= 500 ? "Look at that server, and try again." : "Check the url and the options.")
  );
};

/** @param code what the server itself calls it, where it says so in a word */
export const refusedBy = (
  status: number,
  code: string | undefined,
  waitMilliseconds: number | undefined,
): Refusal => ({
  problem: `answered ${status}${code === undefined ? "" : ` (${code})`}`,
  mend: mendOf(status),
  passes: isPassing(status),
  status,
  ...(waitMilliseconds !== undefined && { waitMilliseconds }),
});

/** The error of the last try. @param server the url, without who asks */
export const toError = (
  { problem, mend, passes, status, waitMilliseconds }: Refusal,
  server: string,
  tries: number,
): ContextbaseError => {
  const times = tries === 1 ? "" : `, the last of ${tries} times`;
  const asks =
    waitMilliseconds === undefined
      ? ""
      : ` It asks to be left alone for ${Math.ceil(waitMilliseconds / 1_000)} seconds.`;
  return new ContextbaseError(
    passes ? "embedding_unavailable" : "embedding_failed",
    `The embedder ${server} ${problem}${times}.${asks} ${mend}`,
    { details: { server, tries, ...(status !== undefined && { status }) } },
  );
};
