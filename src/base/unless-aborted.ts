/** What some work comes to, unless the signal fires first, by whose reason it fails then. The work itself goes on. */
export const unlessAborted = <Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> => {
  if (!signal) return work;
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const leave = (): void => reject(signal.reason);
  signal.addEventListener("abort", leave);
  if (signal.aborted) leave();
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  return promise;
};
