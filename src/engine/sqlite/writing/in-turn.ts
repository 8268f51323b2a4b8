/** Work that was asked for: done, whatever became of it, and whether it went to the writer thread. */
type Turn = { readonly large: boolean; readonly done: Promise<unknown> };

/** Gives each work its turn. */
export type InTurn = <Result>(large: boolean, work: () => Promise<Result>) => Promise<Result>;

/**
 * Writes take effect in the order in which they were asked for. The thread takes large ones one after another by
 * itself; all others wait for the one before.
 */
export const createInTurn = (): InTurn => {
  let last: Turn = { large: false, done: Promise.resolve() };
  return (large, work) => {
    const before = last;
    const take = async () => {
      if (!(large && before.large)) await before.done;
      return work();
    };
    const taken = take();
    last = { large, done: taken.catch(() => undefined) };
    return taken;
  };
};
