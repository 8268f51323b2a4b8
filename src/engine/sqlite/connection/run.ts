/**
 * Runs work on a connection that can be trusted, with what it needs of all that is prepared there. So rooms name what
 * they need, and none has to know the whole session.
 */
export type Run<Needed> = <Result>(work: (session: Needed) => Result) => Promise<Result>;
