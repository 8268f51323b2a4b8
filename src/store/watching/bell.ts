/** What somebody waits by: for its ringing, or for work, but in no case longer than until it ends. */
export type Bell = {
  /** It may ring before anybody waits: then the next wait is over at once. */
  readonly ring: () => void;
  /**
   * Resolves once it has rung since the last wait, or after a time. A process stays alive for who waits.
   * @param milliseconds the longest wait
   */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** What the work comes to; undefined where the end comes first. One waits at a time. */
  readonly waitFor: <Result>(work: Promise<Result>) => Promise<Result | undefined>;
  /** From now on nothing is waited for. */
  readonly end: () => void;
};

export const createBell = (): Bell => {
  let rung = false;
  let ended = false;
  let finish: (() => void) | undefined;
  let leave: (() => void) | undefined;
  const ring = (): void => {
    rung = true;
    finish?.();
  };
  return {
    ring,
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const over = (): void => {
          clearTimeout(timer);
          finish = undefined;
          rung = false;
          resolve();
        };
        const timer = setTimeout(over, milliseconds);
        finish = over;
        if (rung || ended) over();
      }),
    waitFor: (work) =>
      new Promise((resolve, reject) => {
        leave = () => resolve(undefined);
        work.then(resolve, reject);
        if (ended) leave();
      }),
    end: () => {
      ended = true;
      leave?.();
      ring();
    },
  };
};
