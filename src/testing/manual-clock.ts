/** A clock that stands still until it is told otherwise. */
export type ManualClock = {
  (): number;
  set(milliseconds: number): void;
  advance(milliseconds: number): void;
};

export const manualClock = (start = Date.UTC(2026, 0, 1)): ManualClock => {
  let now = start;
  const clock = () => now;
  return Object.assign(clock, {
    set: (milliseconds: number) => {
      now = milliseconds;
    },
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  });
};
