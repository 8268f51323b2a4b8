/** Waits until something is done, but no longer than so many milliseconds. The process stays alive meanwhile. */
export const waitAtMost = async (milliseconds: number, done: Promise<unknown> | undefined): Promise<void> => {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
};
