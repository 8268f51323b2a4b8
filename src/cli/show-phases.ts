import { type Progress, startProgress } from "./progress.ts";

/** How far a phase is, of several that follow each other. */
export type Phase<Name extends string> = {
  readonly phase: Name;
  readonly done: number;
  readonly total: number;
};

/** A bar for each phase, one after the other. @param labels what is going on in each */
export const showPhases = <Name extends string>(labels: Readonly<Record<Name, string>>) => {
  let shown: { readonly phase: Name; readonly progress: Progress } | undefined;
  const finish = (): void => {
    shown?.progress.finish();
    shown = undefined;
  };
  const update = ({ phase, done, total }: Phase<Name>): void => {
    if (shown?.phase !== phase) {
      finish();
      shown = { phase, progress: startProgress(labels[phase], total) };
    }
    // What is counted may have grown meanwhile.
    shown.progress.update(Math.min(done, total));
  };
  return { update, finish };
};
