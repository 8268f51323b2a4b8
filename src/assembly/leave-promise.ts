/**
 * Lets a promise be that a function gave which must not give one: it is refused by name, and its own rejection must not
 * end the process beside that.
 */
export const leavePromise = (given: unknown): void => {
  if (given instanceof Promise) given.catch(() => undefined);
};
