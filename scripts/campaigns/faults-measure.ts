import { stopwatch } from "../../src/base/clock.ts";
import type { Engine } from "../../src/engine/engine.ts";

/** A call may take its time and this much more. */
const overtimeMilliseconds = 1_000;

/** The same engine; what takes longer than a call may take is reported. */
export const withMeasure = (
  engine: Engine,
  { callMilliseconds }: { readonly callMilliseconds: number },
  report: (wrong: readonly string[]) => void,
): Engine => {
  const measured =
    <Given extends readonly unknown[], Result>(name: string, call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const began = stopwatch();
      try {
        return await call(...given);
      } finally {
        const took = Math.round(stopwatch() - began);
        if (took > callMilliseconds + overtimeMilliseconds)
          report([`${name} took ${took} ms of ${callMilliseconds}`]);
      }
    };
  return {
    ...engine,
    commit: measured("commit", engine.commit),
    read: measured("read", engine.read),
    readVersion: measured("readVersion", engine.readVersion),
    list: measured("list", engine.list),
    changes: measured("changes", engine.changes),
    lastPosition: measured("lastPosition", engine.lastPosition),
    findWrite: measured("findWrite", engine.findWrite),
    close: measured("close", engine.close),
  };
};
