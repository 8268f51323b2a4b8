/** Something to wait for that may come before anybody waits: then the next wait is over at once. */
export type Bell = {
  readonly ring: () => void;
  /**
   * Resolves once it has rung since the last wait, or after a time. A process stays alive for who waits.
   * @param milliseconds the longest wait
   */
  readonly wait: (milliseconds: number) => Promise<void>;
};

export const createBell = (): Bell => {
  let rung = false;
  let finish: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      finish?.();
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          finish = undefined;
          rung = false;
          resolve();
        };
        const timer = setTimeout(end, milliseconds);
        finish = end;
        if (rung) end();
      }),
  };
};
